import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { PhantomLabel } from '../../../src-shared/phantom/labels.ts';
import { phantomHead, type PhantomHead } from '../../../src-shared/phantom/phantomHead.ts';
import { phantomPerson } from '../../../src-shared/phantom/person.ts';
import { findSuspicions, suspicionChecks } from '../../../src-shared/suspects/findSuspicions.ts';
import { findHead } from '../../../src-shared/views/findHead.ts';
import { applyMatrix } from '../../../src-shared/volume/affine.ts';
import type { Volume } from '../../../src-shared/volume/volume.ts';
import { flippedWorld, short, suspicionsOf, template } from './prepare.ts';

const spacingMm = 2;
const plain = phantomHead({ seed: 1, spacingMm });

const keeping = ({ volume, labels }: PhantomHead, keep: (label: PhantomLabel) => boolean): Volume => ({
  ...volume,
  values: volume.values.map((value, n) => (keep(labels.labels[n] as PhantomLabel) ? value : 0)),
});

describe('help about suspicions', () => {
  it.each([...suspicionChecks.map(({ kind }) => kind), 'near-duplicate'])('has a page for %s', (kind) => {
    const page = join(import.meta.dirname, '../../../resources/help/suspects', `${kind}.md`);
    expect(readFileSync(page, 'utf8').length).toBeGreaterThan(100);
  });
});

describe('suspicions about drawn heads', () => {
  it.each([['T1w'], ['T2w'], ['FLAIR']] as const)('has none about a whole head in %s', (contrast) => {
    expect(short(suspicionsOf(phantomHead({ seed: 2, contrast, spacingMm }).volume))).toEqual([]);
  });

  it.each([
    ['left', 50],
    ['top', 50],
    ['front', 60],
  ] as const)('names the %s side where %d mm of the field are left out there', (side, mm) => {
    const found = suspicionsOf(phantomHead({ seed: 3, spacingMm, crop: { [side]: mm } }).volume);
    const incomplete = found.find(({ kind }) => kind === 'incomplete-head');
    expect(incomplete?.strength).toBe('likely');
    expect(incomplete?.sentence.match(/the (?:left|right|front|back|top)/g)).toEqual([`the ${side}`]);
  });

  it('names the sides of a person, not of the stored axes', () => {
    const { volume } = phantomHead({ seed: 3, spacingMm, crop: { left: 50 }, orientation: 'PIR' });
    const sentence = suspicionsOf(volume).find(({ kind }) => kind === 'incomplete-head')?.sentence;
    expect(sentence).toContain('the left side');
  });

  it('sees a face that was cut off and set to zero', () => {
    const { volume, landmarks } = plain;
    const [, eyeY, eyeZ] = landmarks.leftEye;
    const [nx, ny] = volume.shape;
    const cut = volume.values.map((value, n) => {
      const at = [n % nx, Math.floor(n / nx) % ny, Math.floor(n / (nx * ny))] as const;
      const [, y, z] = applyMatrix(volume.affine, ...at);
      return y > eyeY - 15 && z < eyeZ + 15 ? 0 : value;
    });
    expect(short(suspicionsOf({ ...volume, values: cut }))).toContain('likely already-defaced');
  });

  it('sees a brain without its head by the brain mask', () => {
    const inBrain = (label: PhantomLabel): boolean => label >= 15 && label <= 18;
    const volume = keeping(plain, inBrain);
    const bits = Uint8Array.from(plain.labels.labels, (label) => (inBrain(label as PhantomLabel) ? 1 : 0));
    const found = findSuspicions({
      volume,
      head: findHead(volume),
      brain: { shape: volume.shape, affine: volume.affine, bits },
      registration: null,
      template,
      claims: { deidentificationCodes: [] },
    });
    expect(short(found)).toEqual(['likely brain-extracted']);
  });

  it('sees a head on its crown and one that faces the back', () => {
    const crown = suspicionsOf(flippedWorld(plain.volume, [1, 1, -1]));
    expect(short(crown)).toEqual(['likely wrong-way-round']);
    expect(crown[0].sentence).toContain('upside down');
    const back = suspicionsOf(flippedWorld(plain.volume, [1, -1, 1]));
    expect(back.map(({ sentence }) => sentence).join()).toContain('points to the back');
  });

  it('cannot tell left from right, and says nothing', () => {
    const person = phantomPerson(1);
    const { volume } = phantomHead({ seed: 1, person, spacingMm });
    expect(short(suspicionsOf(flippedWorld(volume, [-1, 1, 1])))).toEqual([]);
  });

  it('calls a ball and a constant image no head', () => {
    const { shape, affine } = plain.volume;
    const values = new Float32Array(plain.volume.values.length);
    const constant = suspicionsOf({ shape, affine, values: values.slice() }, null);
    expect(short(constant)).toEqual(['likely not-a-head']);
    for (let n = 0; n < values.length; n++) {
      const x = (n % shape[0]) - shape[0] / 2;
      const y = (Math.floor(n / shape[0]) % shape[1]) - shape[1] / 2;
      const z = Math.floor(n / (shape[0] * shape[1])) - shape[2] / 2;
      values[n] = ((n * 7919) % 13) + (x * x + y * y + z * z < 40 * 40 ? 500 : 0);
    }
    expect(short(suspicionsOf({ shape, affine, values }))).toContain('likely not-a-head');
  });
});
