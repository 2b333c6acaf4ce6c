import {
  AmbientLight,
  BufferAttribute,
  BufferGeometry,
  Color,
  DirectionalLight,
  DoubleSide,
  Mesh,
  MeshStandardMaterial,
  OrthographicCamera,
  Plane,
  Scene,
  Vector3,
  WebGLRenderer,
} from 'three';
import { OrbitControls } from 'three/addons/controls/OrbitControls.js';
import { pointFates } from '../../src-shared/regions/pointFate.ts';
import type { RegionPlace } from '../../src-shared/regions/regionsOfMesh.ts';
import type { ViewName } from '../../src-shared/views/viewNames.ts';

/** One surface in world mm (RAS+), as surfaceNets makes it. */
export interface Surface {
  readonly positions: Float32Array;
  readonly normals: Float32Array;
  readonly indices: Uint32Array;
  /** For each vertex how deep the cut is there, mm; null draws the plain skin. */
  readonly depthMm: Float32Array | null;
  /** For each vertex what became of the face there; null where not known. */
  readonly face: SurfaceFace | null;
}

export interface SurfaceFace {
  /** One entry a vertex: the region of the face in the order of `faceRegions` from 1 on, 0 for none. */
  readonly regions: Uint8Array;
  /** One entry a vertex: `pointFates`. */
  readonly fates: Uint8Array;
}

/** Plain skin, how deep the cut is, or which parts of the face survive it. */
export type SurfaceColour = 'plain' | 'depth' | 'face';

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

const skin = new Color(0xcfc6bd);
const untouched = new Color(0x9fb4bd);
const shallow = new Color(0xf2c14e);
const deep = new Color(0xd7263d);
/** Skin of the face that is still there, and what was taken of it, a little and deep. */
const survives = new Color(0xe4572e);
const takenLittle = new Color(0x8fd3c8);
const takenDeep = new Color(0x1f6f8b);
/** Skin that is there but another: refaced, blurred, covered. */
const another = new Color(0x9b6bd6);
/** Less than this is how surfaces differ anyway, mm. */
const shallowestMm = 2.5;
/** Depth at which the colour is full red, mm. */
export const fullDepthMm = 20;

/**
 * Several surfaces side by side under one camera, in one WebGL context cut into panes, because browsers drop contexts
 * beyond about eight. Draws only when something changed; `dispose` frees everything it made.
 */
export class SurfaceView {
  readonly #renderer: WebGLRenderer;
  readonly #camera = new OrthographicCamera(-1, 1, 1, -1, 1, 2000);
  readonly #controls: OrbitControls;
  readonly #light = new DirectionalLight(0xffffff, 2.2);
  readonly #clip = new Plane(new Vector3(0, 0, 1), 0);
  readonly #resize: ResizeObserver;
  readonly #alive = new AbortController();
  #panes: { scene: Scene; mesh: Mesh<BufferGeometry, MeshStandardMaterial> | null }[] = [];
  #style: SurfaceStyle = { opacity: 1, colour: 'plain', clipMm: null };
  #centre = new Vector3();
  #halfMm = 140;
  #waiting = false;
  #first: ArrayBufferLike | null | undefined = undefined;

  constructor(canvas: HTMLCanvasElement, onLost: () => void) {
    this.#renderer = new WebGLRenderer({ canvas, antialias: true, preserveDrawingBuffer: true });
    this.#renderer.setClearColor(0x000000, 1);
    this.#renderer.setScissorTest(true);
    this.#renderer.localClippingEnabled = true;
    canvas.addEventListener('webglcontextlost', onLost, { signal: this.#alive.signal });
    this.#camera.up.set(0, 0, 1);
    this.#controls = new OrbitControls(this.#camera, canvas);
    this.#controls.enablePan = true;
    this.#controls.zoomToCursor = false;
    this.#controls.addEventListener('change', () => this.#invalidate());
    this.#resize = new ResizeObserver(() => this.#invalidate());
    this.#resize.observe(canvas);
  }

  /** What draws: the graphics card, or the name of the software that stands in for one. */
  get rendererName(): string {
    const gl = this.#renderer.getContext();
    const info = gl.getExtension('WEBGL_debug_renderer_info');
    return String(gl.getParameter(info?.UNMASKED_RENDERER_WEBGL ?? gl.RENDERER));
  }

  /** Shows these surfaces, left to right; null leaves its pane empty. The first sets the frame of all. */
  show(surfaces: readonly (Surface | null)[]): void {
    this.#clear();
    this.#panes = surfaces.map((surface) => {
      const scene = new Scene();
      scene.add(new AmbientLight(0xffffff, 0.55));
      if (surface === null) return { scene, mesh: null };
      const mesh = new Mesh(
        geometryOf(surface),
        new MeshStandardMaterial({ roughness: 0.85, side: DoubleSide }),
      );
      scene.add(mesh);
      return { scene, mesh };
    });
    const box = this.#panes.find((pane) => pane.mesh !== null)?.mesh?.geometry.boundingBox ?? null;
    if (box !== null) {
      box.getCenter(this.#centre);
      this.#halfMm = Math.max(box.max.z - box.min.z, box.max.y - box.min.y, box.max.x - box.min.x) * 0.54;
    }
    this.#restyle();
    // More heads of the same scan arrive one by one: whoever has turned them meanwhile keeps the view.
    const first = surfaces[0]?.positions.buffer ?? null;
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

  /** Draws now; used for pictures and for measuring. */
  draw(): void {
    const { clientWidth, clientHeight } = this.#renderer.domElement;
    const width = Math.max(1, clientWidth);
    const height = Math.max(1, clientHeight);
    this.#renderer.setPixelRatio(Math.min(2, globalThis.devicePixelRatio));
    this.#renderer.setSize(width, height, false);
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

  /** Median of three pictures drawn to their end, ms: reading a pixel waits for the last triangle. */
  frameMs(): number {
    const gl = this.#renderer.getContext();
    const pixel = new Uint8Array(4);
    const times = [0, 1, 2].map(() => {
      const from = performance.now();
      this.draw();
      gl.readPixels(0, 0, 1, 1, gl.RGBA, gl.UNSIGNED_BYTE, pixel);
      return performance.now() - from;
    });
    return times.toSorted((a, b) => a - b)[1];
  }

  dispose(): void {
    this.#alive.abort();
    this.#resize.disconnect();
    this.#controls.dispose();
    this.#clear();
    this.#renderer.dispose();
    this.#renderer.forceContextLoss();
  }

  #clear(): void {
    for (const { mesh } of this.#panes) {
      mesh?.geometry.dispose();
      mesh?.material.dispose();
    }
    this.#panes = [];
  }

  #placeClip(): void {
    const { clipMm } = this.#style;
    if (clipMm === null) return;
    const away = this.#controls.target.clone().sub(this.#camera.position).normalize();
    this.#clip.setFromNormalAndCoplanarPoint(away, this.#centre.clone().addScaledVector(away, -clipMm));
  }

  #restyle(): void {
    const { opacity, colour, clipMm } = this.#style;
    for (const { mesh } of this.#panes) {
      if (mesh === null) continue;
      const colours = colour === 'plain' ? undefined : mesh.geometry.getAttribute(colour);
      const coloured = colours !== undefined;
      if (coloured) mesh.geometry.setAttribute('color', colours);
      mesh.material.vertexColors = coloured;
      mesh.material.color = coloured ? new Color(0xffffff) : skin;
      mesh.material.opacity = opacity;
      mesh.material.transparent = opacity < 1;
      mesh.material.depthWrite = opacity === 1;
      mesh.material.clippingPlanes = clipMm === null ? null : [this.#clip];
      mesh.material.needsUpdate = true;
    }
    this.#invalidate();
  }

  #invalidate(): void {
    if (this.#waiting) return;
    this.#waiting = true;
    requestAnimationFrame(() => {
      this.#waiting = false;
      this.draw();
    });
  }
}

function geometryOf({ positions, normals, indices, depthMm, face }: Surface): BufferGeometry {
  const geometry = new BufferGeometry();
  geometry.setAttribute('position', new BufferAttribute(positions, 3));
  geometry.setAttribute('normal', new BufferAttribute(normals, 3));
  geometry.setIndex(new BufferAttribute(indices, 1));
  if (depthMm !== null) geometry.setAttribute('depth', new BufferAttribute(depthColours(depthMm), 3));
  if (depthMm !== null && face !== null)
    geometry.setAttribute('face', new BufferAttribute(faceColours(depthMm, face), 3));
  geometry.computeBoundingBox();
  return geometry;
}

/** Grey-blue where nothing was removed, yellow to red with the depth of the cut. */
function depthColours(depthMm: Float32Array): Float32Array {
  const colours = new Float32Array(depthMm.length * 3);
  const mixed = new Color();
  for (const [vertex, depth] of depthMm.entries()) {
    if (depth < shallowestMm) mixed.copy(untouched);
    else mixed.lerpColors(shallow, deep, Math.min(1, depth / fullDepthMm));
    mixed.toArray(colours, vertex * 3);
  }
  return colours;
}

/** Grey outside of the face; in it what survives stands out, and what was taken darkens with the depth of the cut. */
function faceColours(depthMm: Float32Array, { regions, fates }: SurfaceFace): Float32Array {
  const colours = new Float32Array(depthMm.length * 3);
  const mixed = new Color();
  for (const [vertex, depth] of depthMm.entries()) {
    if (regions[vertex] === 0 || fates[vertex] === pointFates.unknown) mixed.copy(skin);
    else if (fates[vertex] === pointFates.kept) mixed.copy(survives);
    else if (fates[vertex] === pointFates.changed) mixed.copy(another);
    else mixed.lerpColors(takenLittle, takenDeep, Math.min(1, depth / fullDepthMm));
    mixed.toArray(colours, vertex * 3);
  }
  return colours;
}
