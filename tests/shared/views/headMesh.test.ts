import { expect, it } from 'vitest';
import { findHead } from '../../../src-shared/views/findHead.ts';
import { depthOfCut, headField, headMesh, tissueDistances } from '../../../src-shared/views/headMesh.ts';
import { phantomHead } from '../../../src-shared/phantom/phantomHead.ts';

it('tells how deep a cut goes on the surface of the original, and where nothing was cut', () => {
  const { volume } = phantomHead({ seed: 3, contrast: 'T1w', spacingMm: 2 });
  const head = findHead(volume);
  const mesh = headMesh(headField(volume, head));
  const [nx, ny] = volume.shape;
  const m = volume.affine;
  expect([m[5] > 0, m[4], m[6]]).toEqual([true, 0, 0]);
  let front = -Infinity;
  for (let p = 1; p < mesh.positions.length; p += 3) front = Math.max(front, mesh.positions[p]);

  // All that lies less than 30 mm behind the tip of the nose goes.
  const values = volume.values.map((value, n) =>
    m[5] * (Math.floor(n / nx) % ny) + m[7] > front - 30 ? 0 : value,
  );
  const depth = depthOfCut(mesh.positions, tissueDistances(headField({ ...volume, values }, head)));
  let deepest = 0;
  for (const [vertex, mm] of depth.entries()) {
    const behind = front - mesh.positions[vertex * 3 + 1];
    if (behind > 36) expect(mm).toBeLessThan(3);
    deepest = Math.max(deepest, mm);
  }
  expect(deepest).toBeGreaterThan(25);
  expect(deepest).toBeLessThan(33);
});
