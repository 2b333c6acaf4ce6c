import {
  axesOf,
  edgeLetters,
  pixelOf,
  slicePixels,
  voxelAt,
  type Plane,
  type SliceLook,
  type SliceVolume,
} from './slice.ts';

export type Voxel = readonly [i: number, j: number, k: number];

export interface SliceState {
  readonly volume: SliceVolume | null;
  readonly plane: Plane;
  readonly crosshair: Voxel;
  readonly look: SliceLook;
  /** 1 fits the slice into its pane. */
  readonly zoom: number;
  /** Shift of the slice in the pane, CSS pixels. */
  readonly pan: readonly [number, number];
}

/** Draws one plane with crosshair and edge letters into a canvas, and tells which voxel lies under a point of it. */
export class SlicePane {
  readonly #canvas: HTMLCanvasElement;
  readonly #picture = document.createElement('canvas');
  readonly #resize: ResizeObserver;
  #state: SliceState | null = null;
  #waiting = false;

  constructor(canvas: HTMLCanvasElement) {
    this.#canvas = canvas;
    this.#resize = new ResizeObserver(() => this.#invalidate());
    this.#resize.observe(canvas);
  }

  show(state: SliceState): void {
    this.#state = state;
    this.#invalidate();
  }

  /** The voxel under a point of the pane (CSS pixels from its corner), or null without an image. */
  voxelUnder(x: number, y: number): Voxel | null {
    const state = this.#state;
    if (state?.volume == null) return null;
    const { scaleX, scaleY, left, top } = this.#layout(state, state.volume);
    return voxelAt(
      state.volume,
      state.plane,
      state.crosshair[axesOf[state.plane].cut],
      (x - left) / scaleX,
      (y - top) / scaleY,
    );
  }

  dispose(): void {
    this.#resize.disconnect();
  }

  #layout({ plane, zoom, pan }: SliceState, { shape, spacingMm }: SliceVolume) {
    const { across, up } = axesOf[plane];
    const { clientWidth: width, clientHeight: height } = this.#canvas;
    const widthMm = shape[across] * spacingMm[across];
    const heightMm = shape[up] * spacingMm[up];
    const scale = Math.min(width / widthMm, height / heightMm) * zoom;
    return {
      scaleX: scale * spacingMm[across],
      scaleY: scale * spacingMm[up],
      left: (width - widthMm * scale) / 2 + pan[0],
      top: (height - heightMm * scale) / 2 + pan[1],
    };
  }

  #invalidate(): void {
    if (this.#waiting) return;
    this.#waiting = true;
    requestAnimationFrame(() => {
      this.#waiting = false;
      this.#draw();
    });
  }

  #draw(): void {
    const state = this.#state;
    const context = this.#canvas.getContext('2d');
    if (state === null || context === null) return;
    const { clientWidth: width, clientHeight: height } = this.#canvas;
    const ratio = globalThis.devicePixelRatio;
    this.#canvas.width = Math.round(width * ratio);
    this.#canvas.height = Math.round(height * ratio);
    context.scale(ratio, ratio);
    context.fillStyle = '#000';
    context.fillRect(0, 0, width, height);
    const { volume, plane, crosshair, look } = state;
    if (volume === null) return;
    const slice = slicePixels(volume, plane, crosshair[axesOf[plane].cut], look);
    this.#picture.width = slice.width;
    this.#picture.height = slice.height;
    this.#picture.getContext('2d')?.putImageData(new ImageData(slice.rgba, slice.width, slice.height), 0, 0);
    const { scaleX, scaleY, left, top } = this.#layout(state, volume);
    context.imageSmoothingEnabled = true;
    context.drawImage(this.#picture, left, top, slice.width * scaleX, slice.height * scaleY);

    const [column, row] = pixelOf(volume, plane, crosshair);
    context.strokeStyle = 'rgb(124 208 225 / 55%)';
    context.lineWidth = 1;
    context.beginPath();
    context.moveTo(left + column * scaleX, 0);
    context.lineTo(left + column * scaleX, height);
    context.moveTo(0, top + row * scaleY);
    context.lineTo(width, top + row * scaleY);
    context.stroke();

    const letters = edgeLetters[plane];
    context.fillStyle = '#d7dee5';
    context.font = '600 12px "Inter Variable", system-ui, sans-serif';
    context.textBaseline = 'middle';
    context.textAlign = 'center';
    context.fillText(letters.left, 10, height / 2);
    context.fillText(letters.right, width - 10, height / 2);
    context.fillText(letters.top, width / 2, 11);
    context.fillText(letters.bottom, width / 2, height - 11);
  }
}
