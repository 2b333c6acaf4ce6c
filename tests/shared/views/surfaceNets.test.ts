import { expect, it } from 'vitest';
import { affineOf } from '../../../src-shared/volume/affine.ts';
import type { Volume } from '../../../src-shared/volume/volume.ts';
import { surfaceNets, type Mesh } from '../../../src-shared/views/surfaceNets.ts';

function ball(radiusMm: number, spacingMm: number, mirror: 1 | -1 = 1): Volume {
  const n = 40;
  const half = ((n - 1) / 2) * spacingMm;
  const values = new Float32Array(n ** 3);
  for (let k = 0, v = 0; k < n; k++) {
    for (let j = 0; j < n; j++) {
      for (let i = 0; i < n; i++, v++) {
        values[v] =
          50 + radiusMm - Math.hypot(i * spacingMm - half, j * spacingMm - half, k * spacingMm - half);
      }
    }
  }
  return {
    shape: [n, n, n],
    affine: affineOf([
      mirror * spacingMm,
      0,
      0,
      -mirror * half,
      0,
      spacingMm,
      0,
      -half,
      0,
      0,
      spacingMm,
      -half,
    ]),
    values,
  };
}

function enclosedMl({ positions, indices }: Mesh): number {
  let six = 0;
  for (let t = 0; t < indices.length; t += 3) {
    const [a, b, c] = [indices[t] * 3, indices[t + 1] * 3, indices[t + 2] * 3];
    six +=
      positions[a] * (positions[b + 1] * positions[c + 2] - positions[b + 2] * positions[c + 1]) -
      positions[a + 1] * (positions[b] * positions[c + 2] - positions[b + 2] * positions[c]) +
      positions[a + 2] * (positions[b] * positions[c + 1] - positions[b + 1] * positions[c]);
  }
  return six / 6000;
}

it.each([1, -1] as const)('draws a ball as a ball, outside out, on an axis of sign %i', (mirror) => {
  const mesh = surfaceNets(ball(30, 2, mirror), 50);
  for (let p = 0; p < mesh.positions.length; p += 3) {
    const [x, y, z] = mesh.positions.subarray(p, p + 3);
    expect(Math.abs(Math.hypot(x, y, z) - 30)).toBeLessThan(0.6);
    expect(mesh.normals[p] * x + mesh.normals[p + 1] * y + mesh.normals[p + 2] * z).toBeGreaterThan(25);
  }
  expect(enclosedMl(mesh)).toBeCloseTo((4 / 3) * Math.PI * 27, -0.5);
});

it('closes a body that touches the border of its field', () => {
  const mesh = surfaceNets(ball(60, 2), 50);
  const edges = new Map<string, number>();
  for (let t = 0; t < mesh.indices.length; t += 3) {
    for (let e = 0; e < 3; e++) {
      const a = mesh.indices[t + e];
      const b = mesh.indices[t + ((e + 1) % 3)];
      edges.set(`${a}-${b}`, (edges.get(`${a}-${b}`) ?? 0) + 1);
    }
  }
  for (const edge of edges.keys()) expect(edges.has(edge.split('-').toReversed().join('-'))).toBe(true);
});

it('gives an empty mesh for air', () => {
  expect(surfaceNets(ball(-200, 2), 50).indices).toHaveLength(0);
});
