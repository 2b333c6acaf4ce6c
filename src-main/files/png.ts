import { decode, encode } from 'fast-png';
import { AppError } from '../../src-shared/api/appError.ts';
import type { GreyImage } from '../../src-shared/views/greyImage.ts';

/** An 8-bit picture with 1 (grey), 2 (grey, alpha), 3 (RGB) or 4 (RGB, alpha) bands a pixel, interleaved, rows from the top. */
export interface PngImage {
  readonly width: number;
  readonly height: number;
  readonly channels: number;
  readonly pixels: Uint8Array;
}

/** A grey picture as the bytes of a PNG file: the same bytes for the same pixels. */
export function encodePng({ width, height, pixels }: GreyImage): Uint8Array {
  return encode({ width, height, data: pixels, channels: 1, depth: 8 });
}

/** The picture in a PNG file; 16-bit values are cut to 8 bits, palettes become RGB. Throws `png-unreadable`. */
export function decodePng(bytes: Uint8Array): PngImage {
  let png;
  try {
    png = decode(bytes, { checkCrc: true });
  } catch (cause) {
    throw new AppError('png-unreadable', 'This is not a PNG picture, or it is damaged.', {}, { cause });
  }
  const { width, height, depth, palette, data } = png;
  if (palette !== undefined) {
    const channels = palette[0]?.length ?? 3;
    const pixels = new Uint8Array(width * height * channels);
    const perByte = 8 / depth;
    const rowBytes = Math.ceil(width / perByte);
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        const packed = data[y * rowBytes + Math.floor(x / perByte)];
        const index = (packed >> (8 - depth * ((x % perByte) + 1))) & ((1 << depth) - 1);
        pixels.set(palette[index] ?? [0, 0, 0], (y * width + x) * channels);
      }
    }
    return { width, height, channels, pixels };
  }
  if (depth === 16) {
    return { width, height, channels: png.channels, pixels: Uint8Array.from(data, (value) => value >> 8) };
  }
  if (depth < 8) {
    throw new AppError(
      'png-unreadable',
      'Pictures of fewer than 8 bits a pixel are not read. Save it as 8-bit grey or RGB.',
      { depth },
    );
  }
  return { width, height, channels: png.channels, pixels: data as Uint8Array };
}
