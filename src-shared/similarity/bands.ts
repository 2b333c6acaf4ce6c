import { AppError } from '../api/appError.ts';
import type { Band } from './phaseCongruency.ts';

/** An 8-bit picture: 1 band (grey), 2 (grey, alpha), 3 (RGB) or 4 (RGB, alpha), interleaved, rows from the top. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  readonly channels?: number;
  readonly pixels: Uint8Array;
}

/** The colour bands; alpha is dropped without being multiplied in. */
export function bandsOf({ width, height, channels = 1, pixels }: Picture): Band[] {
  const colours = channels >= 3 ? 3 : 1;
  return Array.from({ length: colours }, (_, band) => {
    const values = new Float64Array(width * height);
    for (let n = 0, at = band; n < values.length; n++, at += channels) values[n] = pixels[at];
    return { width, height, values };
  });
}

/** Brightness: 0.299 R + 0.587 G + 0.114 B, or the grey band. */
export function lumaOf(picture: Picture): Band {
  const bands = bandsOf(picture);
  if (bands.length === 1) return bands[0];
  const [r, g, b] = bands;
  const values = r.values.map((red, n) => 0.299 * red + 0.587 * g.values[n] + 0.114 * b.values[n]);
  return { ...r, values };
}

/** Throws `pictures-differ` unless both have the same size and the same number of colours. */
export function requireSameKind(a: Picture, b: Picture): void {
  const colours = (picture: Picture): number => ((picture.channels ?? 1) >= 3 ? 3 : 1);
  if (a.width !== b.width || a.height !== b.height || colours(a) !== colours(b)) {
    throw new AppError(
      'pictures-differ',
      'Pictures can be compared only when both have the same size and the same colours.',
      {
        first: [a.width, a.height, colours(a)],
        second: [b.width, b.height, colours(b)],
      },
    );
  }
}
