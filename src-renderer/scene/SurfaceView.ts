import {
  AmbientLight,
  BufferAttribute,
  BufferGeometry,
  Color,
  DirectionalLight,
  DoubleSide,
  FrontSide,
  Mesh,
  MeshLambertMaterial,
  MeshStandardMaterial,
  OrthographicCamera,
  Plane,
  Scene,
  Vector3,
  WebGLRenderer,
} from 'three';
import { OrbitControls } from 'three/addons/controls/OrbitControls.js';
import type { RegionPlace } from '../../src-shared/regions/regionsOfMesh.ts';
import type { ViewName } from '../../src-shared/views/viewNames.ts';
import { paint, skin } from './surfaceColours.ts';
import type { Surface, SurfaceColour } from './surface.ts';

export interface SurfaceStyle {
  /** 0 to 1. */
  readonly opacity: number;
  readonly colour: SurfaceColour;
  /** Hide all in front of this plane: mm along the line of sight from the middle of the head; null shows all. */
  readonly clipMm: number | null;
}

/** Where the eye stands, as a direction from the head (RAS+). */
const eyes: Record<ViewName, readonly [number, number, number]> = {
  front: [0, 1, 0],
  left: [-1, 0, 0],
  right: [1, 0, 0],
  left45: [-Math.SQRT1_2, Math.SQRT1_2, 0],
  right45: [Math.SQRT1_2, Math.SQRT1_2, 0],
};

/** A picture that takes no longer than this turns smoothly enough, ms. */
const smoothMs = 40;
/** While the heads are turned in software, pictures are drawn no coarser than this part of each side. */
const coarsest = 0.4;

/** What one picture takes, ms, at rest and while the heads are turned; 0 where not known. */
export interface FrameMs {
  readonly still: number;
  readonly turning: number;
}

/** A picture in all its pixels follows when nothing has changed for so long, ms. */
const settleMs = 250;

type SkinMaterial = MeshStandardMaterial | MeshLambertMaterial;
interface Pane {
  readonly surface: Surface | null;
  readonly scene: Scene;
  readonly mesh: Mesh<BufferGeometry, SkinMaterial> | null;
}

/**
 * Several surfaces side by side under one camera, in one WebGL context cut into panes, because browsers drop contexts
 * beyond about eight. Draws only when something changed; `dispose` frees everything it made. Where software stands in
 * for the graphics card, shading is simpler and the picture is coarser while it turns.
 */
export class SurfaceView {
  readonly #renderer: WebGLRenderer;
  readonly #camera = new OrthographicCamera(-1, 1, 1, -1, 1, 2000);
  readonly #controls: OrbitControls;
  readonly #light = new DirectionalLight(0xffffff, 2.2);
  readonly #clip = new Plane(new Vector3(0, 0, 1), 0);
  readonly #resize: ResizeObserver;
  readonly #alive = new AbortController();
  /** By the bytes a surface came in: those that stay are not made again. */
  #geometries = new Map<ArrayBufferLike, BufferGeometry>();
  #panes: Pane[] = [];
  #style: SurfaceStyle = { opacity: 1, colour: 'plain', clipMm: null };
  #centre = new Vector3();
  #halfMm = 140;
  #waiting = false;
  #first: ArrayBufferLike | undefined = undefined;
  #turning = false;
  #frame: FrameMs = { still: 0, turning: 0 };
  readonly #onFrame: (frame: FrameMs) => void;
  #settling: ReturnType<typeof setTimeout> | undefined;
  #size = '';
  /** What draws: the graphics card, or the name of the software that stands in for one. */
  readonly rendererName: string;
  readonly isSoftware: boolean;

  /** `onFrame` is told what pictures of all heads take, as soon as that is known, where software draws. */
  constructor(
    canvas: HTMLCanvasElement,
    { onLost, onFrame }: { onLost: () => void; onFrame: (frame: FrameMs) => void },
  ) {
    this.#onFrame = onFrame;
    this.rendererName = rendererName();
    this.isSoftware = /swiftshader|llvmpipe|software|basic render/i.test(this.rendererName);
    this.#renderer = new WebGLRenderer({ canvas, antialias: !this.isSoftware });
    this.#renderer.setClearColor(0x000000, 1);
    this.#renderer.setScissorTest(true);
    this.#renderer.localClippingEnabled = true;
    canvas.addEventListener('webglcontextlost', onLost, { signal: this.#alive.signal });
    this.#camera.up.set(0, 0, 1);
    this.#controls = new OrbitControls(this.#camera, canvas);
    this.#controls.enablePan = true;
    this.#controls.zoomToCursor = false;
    this.#controls.addEventListener('change', () => this.#invalidate());
    this.#controls.addEventListener('start', () => (this.#turning = true));
    this.#controls.addEventListener('end', () => {
      this.#turning = false;
      this.#invalidate();
    });
    this.#resize = new ResizeObserver(() => this.#invalidate());
    this.#resize.observe(canvas);
  }

  /** Shows these surfaces, left to right; null leaves its pane empty. The first sets the frame of all. */
  show(surfaces: readonly (Surface | null)[]): void {
    const before = this.#geometries;
    this.#geometries = new Map();
    for (const surface of surfaces) {
      if (surface === null) continue;
      const { buffer } = surface.positions;
      const geometry = this.#geometries.get(buffer) ?? before.get(buffer) ?? geometryOf(surface);
      this.#geometries.set(buffer, geometry);
    }
    for (const [buffer, geometry] of before) if (!this.#geometries.has(buffer)) geometry.dispose();
    for (const { mesh } of this.#panes) mesh?.material.dispose();
    this.#panes = surfaces.map((surface) => {
      const scene = new Scene();
      scene.add(new AmbientLight(0xffffff, 0.55));
      const geometry = surface === null ? undefined : this.#geometries.get(surface.positions.buffer);
      if (geometry === undefined) return { surface, scene, mesh: null };
      const mesh = new Mesh(geometry, this.#material());
      scene.add(mesh);
      return { surface, scene, mesh };
    });
    const box = this.#panes.find((pane) => pane.mesh !== null)?.mesh?.geometry.boundingBox ?? null;
    if (box !== null) {
      box.getCenter(this.#centre);
      this.#halfMm = Math.max(box.max.z - box.min.z, box.max.y - box.min.y, box.max.x - box.min.x) * 0.54;
    }
    this.#restyle();
    // More heads of the same scan arrive one by one: whoever has turned them meanwhile keeps the view.
    const first = surfaces[0]?.positions.buffer;
    if (first !== this.#first) this.lookFrom('front');
    this.#first = first;
  }

  /** Turns all panes to a standard view and undoes zoom and pan. */
  lookFrom(view: ViewName): void {
    const [x, y, z] = eyes[view];
    this.#controls.target.copy(this.#centre);
    this.#camera.position.set(x, y, z).multiplyScalar(600).add(this.#centre);
    this.#camera.zoom = 1;
    this.#controls.update();
    this.#invalidate();
  }

  /** Turns all panes to a place of the head, seen along `outward`, and goes nearer. World mm and a unit vector. */
  lookAt({ centre, outward }: RegionPlace): void {
    const [x, y, z] = centre;
    this.#controls.target.set(x, y, z);
    this.#camera.position
      .set(...outward)
      .multiplyScalar(600)
      .add(this.#controls.target);
    this.#camera.zoom = 2.2;
    this.#controls.update();
    this.#invalidate();
  }

  setStyle(style: SurfaceStyle): void {
    this.#style = style;
    this.#restyle();
  }

  /** Draws now, at this share of the full number of pixels along each side. */
  draw(share = 1): void {
    const { clientWidth, clientHeight } = this.#renderer.domElement;
    const width = Math.max(1, clientWidth);
    const height = Math.max(1, clientHeight);
    const ratio = share * Math.min(this.isSoftware ? 1 : 2, globalThis.devicePixelRatio);
    const size = `${width} ${height} ${ratio}`;
    if (size !== this.#size) {
      this.#renderer.setPixelRatio(ratio);
      this.#renderer.setSize(width, height, false);
      this.#size = size;
    }
    const count = Math.max(1, this.#panes.length);
    const paneWidth = Math.floor(width / count);
    const aspect = paneWidth / height;
    const half = aspect < 1 ? this.#halfMm / aspect : this.#halfMm;
    Object.assign(this.#camera, { left: -half * aspect, right: half * aspect, top: half, bottom: -half });
    this.#camera.updateProjectionMatrix();
    this.#placeClip();
    this.#light.position.copy(this.#camera.position);
    this.#light.target.position.copy(this.#controls.target);
    this.#light.target.updateMatrixWorld();
    for (const [index, { scene }] of this.#panes.entries()) {
      this.#renderer.setViewport(index * paneWidth, 0, paneWidth, height);
      this.#renderer.setScissor(index * paneWidth, 0, paneWidth - (index < count - 1 ? 1 : 0), height);
      scene.add(this.#light);
      this.#renderer.render(scene, this.#camera);
    }
  }

  /** Draws, and takes the time where it is not known yet. Reading a pixel waits for the last triangle. */
  #drawTimed(kind: keyof FrameMs): void {
    const share = kind === 'still' ? 1 : this.#turningShare();
    const whole = this.#panes.length > 0 && this.#panes.every(({ mesh }) => mesh !== null);
    if (!this.isSoftware || !whole || this.#frame[kind] > 0) {
      this.draw(share);
      return;
    }
    this.draw(share); // once before, since the first picture also takes in what is new
    const gl = this.#renderer.getContext();
    const pixel = new Uint8Array(4);
    gl.readPixels(0, 0, 1, 1, gl.RGBA, gl.UNSIGNED_BYTE, pixel);
    const from = performance.now();
    this.draw(share);
    gl.readPixels(0, 0, 1, 1, gl.RGBA, gl.UNSIGNED_BYTE, pixel);
    this.#frame = { ...this.#frame, [kind]: performance.now() - from };
    this.#onFrame(this.#frame);
  }

  /** Fewer pixels, as far as they are what takes the time; the fewest until that is known. */
  #turningShare(): number {
    if (!this.isSoftware) return 1;
    const { still } = this.#frame;
    return still === 0 ? coarsest : Math.min(1, Math.max(coarsest, Math.sqrt(smoothMs / still)));
  }

  dispose(): void {
    clearTimeout(this.#settling);
    this.#alive.abort();
    this.#resize.disconnect();
    this.#controls.dispose();
    this.#clear();
    this.#renderer.dispose();
    this.#renderer.forceContextLoss();
  }

  #clear(): void {
    for (const { mesh } of this.#panes) mesh?.material.dispose();
    for (const geometry of this.#geometries.values()) geometry.dispose();
    this.#panes = [];
    this.#geometries.clear();
  }

  #material(): SkinMaterial {
    return this.isSoftware ? new MeshLambertMaterial() : new MeshStandardMaterial({ roughness: 0.85 });
  }

  #placeClip(): void {
    const { clipMm } = this.#style;
    if (clipMm === null) return;
    const away = this.#controls.target.clone().sub(this.#camera.position).normalize();
    this.#clip.setFromNormalAndCoplanarPoint(away, this.#centre.clone().addScaledVector(away, -clipMm));
  }

  #restyle(): void {
    const { opacity, colour, clipMm } = this.#style;
    for (const { mesh, surface } of this.#panes) {
      if (mesh === null || surface === null) continue;
      const coloured = paint(mesh.geometry, surface, colour);
      mesh.material.vertexColors = coloured;
      mesh.material.color = coloured ? new Color(0xffffff) : skin;
      mesh.material.opacity = opacity;
      mesh.material.transparent = opacity < 1;
      // The inside is seen only through the skin or where it is cut open.
      mesh.material.side = opacity < 1 || clipMm !== null ? DoubleSide : FrontSide;
      mesh.material.depthWrite = opacity === 1;
      mesh.material.clippingPlanes = clipMm === null ? null : [this.#clip];
      mesh.material.needsUpdate = true;
    }
    this.#invalidate();
  }

  /** Draws with the next picture of the window: where that is slow coarsely first, in full when nothing more changes. */
  #invalidate(): void {
    clearTimeout(this.#settling);
    if (this.#waiting) return;
    this.#waiting = true;
    requestAnimationFrame(() => {
      this.#waiting = false;
      if (this.#alive.signal.aborted) return;
      const share = this.#turningShare();
      this.#drawTimed(share < 1 ? 'turning' : 'still');
      if (share < 1) this.#settleSoon();
    });
  }

  #settleSoon(): void {
    clearTimeout(this.#settling);
    this.#settling = setTimeout(() => {
      if (this.#turning || this.#waiting) this.#settleSoon();
      else this.#drawTimed('still');
    }, settleMs);
  }
}

/** The name of what draws, from a context that is thrown away: how a context is made depends on it. */
function rendererName(): string {
  const gl = document.createElement('canvas').getContext('webgl2');
  if (gl === null) return '';
  const info = gl.getExtension('WEBGL_debug_renderer_info');
  const name = String(gl.getParameter(info?.UNMASKED_RENDERER_WEBGL ?? gl.RENDERER));
  gl.getExtension('WEBGL_lose_context')?.loseContext();
  return name;
}

function geometryOf({ positions, normals, indices }: Surface): BufferGeometry {
  const geometry = new BufferGeometry();
  geometry.setAttribute('position', new BufferAttribute(positions, 3));
  geometry.setAttribute('normal', new BufferAttribute(normals, 3));
  geometry.setIndex(new BufferAttribute(indices, 1));
  geometry.computeBoundingBox();
  return geometry;
}
