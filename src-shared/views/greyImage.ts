/** An 8-bit grey picture, rows from the top, 0 black. */
export interface GreyImage {
  readonly width: number;
  readonly height: number;
  readonly pixels: Uint8Array;
}
