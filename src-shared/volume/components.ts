import { voxelMl, type Mask } from './volume.ts';

/** Neighbours that belong together: sharing a face (6) or also an edge or corner (26). */
export type Connectivity = 6 | 26;

export interface Components {
  /** 0 outside the mask, else the number of the piece, from 1, in the order of their first voxels. */
  readonly labels: Int32Array;
  /** Voxels of each piece; entry 0 is unused. */
  readonly sizes: Int32Array;
}

/** Runs of set voxels along the first axis, joined into pieces. */
interface Pieces {
  readonly starts: Int32Array;
  readonly ends: Int32Array;
  /** The piece of each run, from 1. */
  readonly pieceOf: Int32Array;
  readonly sizes: Int32Array;
  readonly runCount: number;
}

/** The connected pieces of a mask. */
export function components(
  mask: Mask,
  { connectivity = 6 }: { connectivity?: Connectivity } = {},
): Components {
  const { starts, ends, pieceOf, sizes, runCount } = findPieces(mask, 1, connectivity);
  const labels = new Int32Array(mask.bits.length);
  for (let run = 0; run < runCount; run++) labels.fill(pieceOf[run], starts[run], ends[run]);
  return { labels, sizes };
}

/** The piece with the most voxels, the first of equals; an empty mask stays empty. */
export function largestComponent(
  mask: Mask,
  { connectivity = 6 }: { connectivity?: Connectivity } = {},
): Mask {
  const pieces = findPieces(mask, 1, connectivity);
  let largest = 0;
  for (let piece = 1; piece < pieces.sizes.length; piece++) {
    if (largest === 0 || pieces.sizes[piece] > pieces.sizes[largest]) largest = piece;
  }
  return { ...mask, bits: keepPieces(mask, pieces, (piece) => piece === largest) };
}

/** Without the pieces smaller than `leastMl`. */
export function withoutSmallPieces(
  mask: Mask,
  { leastMl, connectivity = 6 }: { leastMl: number; connectivity?: Connectivity },
): Mask {
  const pieces = findPieces(mask, 1, connectivity);
  const ml = voxelMl(mask);
  return { ...mask, bits: keepPieces(mask, pieces, (piece) => pieces.sizes[piece] * ml >= leastMl) };
}

/** The mask with every cavity filled that no face-connected path leads out of to the border of the grid. */
export function fillHoles(mask: Mask): Mask {
  const [nx, ny, nz] = mask.shape;
  const pieces = findPieces(mask, 0, 6);
  const open = new Uint8Array(pieces.sizes.length);
  for (let run = 0; run < pieces.runCount; run++) {
    const start = pieces.starts[run];
    const x = start % nx;
    const row = (start - x) / nx;
    const y = row % ny;
    const z = (row - y) / ny;
    const atBorder =
      x === 0 || pieces.ends[run] - start + x === nx || y === 0 || y === ny - 1 || z === 0 || z === nz - 1;
    if (atBorder) open[pieces.pieceOf[run]] = 1;
  }
  const bits = mask.bits.slice();
  for (let run = 0; run < pieces.runCount; run++) {
    if (open[pieces.pieceOf[run]] === 0) bits.fill(1, pieces.starts[run], pieces.ends[run]);
  }
  return { ...mask, bits };
}

function keepPieces(mask: Mask, pieces: Pieces, keep: (piece: number) => boolean): Uint8Array {
  const kept = Uint8Array.from(pieces.sizes, (_, piece) => (piece > 0 && keep(piece) ? 1 : 0));
  const bits = new Uint8Array(mask.bits.length);
  for (let run = 0; run < pieces.runCount; run++) {
    if (kept[pieces.pieceOf[run]] === 1) bits.fill(1, pieces.starts[run], pieces.ends[run]);
  }
  return bits;
}

/** Union-find over runs: two passes over the bits, however tangled the pieces are. */
function findPieces({ shape: [nx, ny, nz], bits }: Mask, value: 0 | 1, connectivity: Connectivity): Pieces {
  const rows = ny * nz;
  const firstRun = new Int32Array(rows + 1);
  let capacity = 1024;
  let starts = new Int32Array(capacity);
  let ends = new Int32Array(capacity);
  let runCount = 0;
  for (let row = 0; row < rows; row++) {
    firstRun[row] = runCount;
    const rowEnd = (row + 1) * nx;
    for (let n = row * nx; n < rowEnd; n++) {
      if (bits[n] !== value) continue;
      const start = n;
      while (n < rowEnd && bits[n] === value) n++;
      if (runCount === capacity) {
        capacity *= 2;
        starts = grown(starts, capacity);
        ends = grown(ends, capacity);
      }
      starts[runCount] = start;
      ends[runCount] = n;
      runCount++;
    }
  }
  firstRun[rows] = runCount;

  const parent = Int32Array.from({ length: runCount }, (_, run) => run);
  const root = (run: number): number => {
    while (parent[run] !== run) {
      parent[run] = parent[parent[run]];
      run = parent[run];
    }
    return run;
  };
  const reach = connectivity === 26 ? 1 : 0;
  const join = (rowA: number, rowB: number): void => {
    let a = firstRun[rowA];
    let b = firstRun[rowB];
    const shift = (rowA - rowB) * nx;
    while (a < firstRun[rowA + 1] && b < firstRun[rowB + 1]) {
      const startB = starts[b] + shift;
      const endB = ends[b] + shift;
      if (starts[a] < endB + reach && startB < ends[a] + reach) {
        const ra = root(a);
        const rb = root(b);
        if (ra < rb) parent[rb] = ra;
        else parent[ra] = rb;
      }
      if (ends[a] < endB) a++;
      else b++;
    }
  };
  for (let z = 0; z < nz; z++) {
    for (let y = 0; y < ny; y++) {
      const row = z * ny + y;
      if (y > 0) join(row, row - 1);
      if (z > 0) join(row, row - ny);
      if (connectivity === 26 && z > 0) {
        if (y > 0) join(row, row - ny - 1);
        if (y < ny - 1) join(row, row - ny + 1);
      }
    }
  }

  const pieceOf = new Int32Array(runCount);
  const sizes: number[] = [0];
  for (let run = 0; run < runCount; run++) {
    const top = root(run);
    if (top === run) {
      pieceOf[run] = sizes.length;
      sizes.push(0);
    } else pieceOf[run] = pieceOf[top];
    sizes[pieceOf[run]] += ends[run] - starts[run];
  }
  return { starts, ends, pieceOf, sizes: Int32Array.from(sizes), runCount };
}

function grown(values: Int32Array, capacity: number): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(capacity);
  larger.set(values);
  return larger;
}
