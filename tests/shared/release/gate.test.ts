import { describe, expect, it } from 'vitest';
import { gate, type Acceptance, type GateInput } from '../../../src-shared/release/gate.ts';
import { bestDefacing } from '../../../src-shared/release/bestDefacing.ts';
import { isCode } from '../../../src-shared/release/codeLabel.ts';
import { newLabels } from '../../../src-shared/release/newLabels.ts';
import { participantsTable, sharedAge } from '../../../src-shared/release/participantsTable.ts';
import { sharedAcquisition } from '../../../src-shared/release/exportSidecar.ts';

const adequate: GateInput = {
  outcome: 'done',
  label: { state: 'final', label: 0, by: 'agreement' },
  stale: false,
  acceptance: null,
  brainCut: false,
  textual: [],
  filesIntact: true,
};
const acceptance: Acceptance = {
  id: 1,
  defacingId: 'd',
  criterion: 'lenient',
  imageSha256: 'x',
  name: 'A. Berger',
  reason: 'looked at in 3D',
  triageRunId: null,
  at: '2026-01-01T00:00:00Z',
};

describe('the share gate', () => {
  it('lets out what its final label passes', () => {
    expect(gate(adequate)).toEqual({ pass: true, by: 'label' });
  });

  it.each([
    ['not-rated', { label: { state: 'open', waitsFor: 'round' } }],
    ['rating-open', { label: { state: 'open', waitsFor: 'primary' } }],
    ['insufficient', { label: { state: 'final', label: 1, by: 'majority' } }],
    ['label-stale', { stale: true }],
    ['brain-cut', { brainCut: true }],
  ] as const)('holds back %s until a named person accepts it', (reason, change) => {
    const input = { ...adequate, ...change } as GateInput;
    expect(gate(input)).toEqual({ pass: false, reasons: [reason] });
    expect(gate({ ...input, acceptance })).toEqual({ pass: true, by: 'acceptance' });
  });

  it.each([
    ['disagreement-open', { label: { state: 'open', waitsFor: 'third' } }],
    ['disagreement-open', { label: { state: 'open', waitsFor: 'consensus' } }],
    ['excluded', { label: { state: 'excluded', reason: 'other', by: 'agreement' } }],
    ['file-changed', { filesIntact: false }],
    ['name-in-file-name', { textual: ['name-in-file-name'] }],
    ['no-defacing', { outcome: 'tool-failed' }],
  ] as const)('holds back %s whoever accepts it', (reason, change) => {
    const input = { ...adequate, ...change, acceptance } as GateInput;
    expect(gate(input)).toEqual({ pass: false, reasons: [reason] });
  });

  it('names every reason at once', () => {
    const input: GateInput = { ...adequate, label: { state: 'final', label: 1, by: 'consensus' }, brainCut: true, textual: ['label-not-a-code'] }; // prettier-ignore
    expect(gate(input)).toEqual({ pass: false, reasons: ['label-not-a-code', 'insufficient', 'brain-cut'] });
  });
});

describe('the defacing to use of several', () => {
  const made = (tool: string, passes: boolean, brainLossMl: number | null) => ({ defacingId: tool, tool, passes, brainLossMl, headLossPct: 10 }); // prettier-ignore
  it('is the one that passes with the least brain loss', () => {
    expect(bestDefacing([made('a', true, 2), made('b', true, 0.1), made('c', false, 0)], null)?.tool).toBe(
      'b',
    );
  });
  it('is the one chosen by hand where that passes, and not otherwise', () => {
    const list = [made('a', true, 2), made('b', true, 0.1), made('c', false, 0)];
    expect(bestDefacing(list, 'a')?.tool).toBe('a');
    expect(bestDefacing(list, 'c')?.tool).toBe('b');
  });
  it('is none where none passes', () => {
    expect(bestDefacing([made('a', false, 0)], 'a')).toBeNull();
  });
});

describe('texts that leave', () => {
  it.each([
    ['01', true],
    ['control017', true],
    ['p3', true],
    ['mprage', true],
    ['x1a2b3c4d', true],
    ['MeierHans', false],
    ['hans', false],
    ['OAS30001', false],
  ])('the label %s is a code: %s', (label, code) => {
    expect(isCode(label)).toBe(code);
  });

  it.each([
    ['88', '88'],
    ['89', '89+'],
    ['101.5', '89+'],
    ['034Y', '34'],
    ['018M', '1'],
    ['>89', '89+'],
    ['Hans', null],
    ['131', null],
  ])('the age %s leaves as %s', (age, shared) => {
    expect(sharedAge(age)).toBe(shared);
  });

  it('a table of people keeps to what it may hold', () => {
    const facts = {
      participant_id: 'sub-01',
      age: '93',
      sex: 'female',
      name: 'Hans Meier',
      birth_date: '1931-02-03',
    };
    const { tsv, heldBack } = participantsTable([{ label: 'p001', facts }]);
    expect(tsv).toBe('participant_id\tage\tsex\nsub-p001\t89+\tF\n');
    expect(heldBack).toEqual(['birth_date', 'name']);
  });

  it('a sidecar keeps numbers and texts of a known shape', () => {
    const { kept, dropped } = sharedAcquisition({
      EchoTime: 0.003,
      Manufacturer: 'Siemens',
      ManufacturersModelName: 'Prisma_fit',
      PatientName: 'Meier^Hans',
      ProtocolName: 'Hans',
      ScanOptions: 'Hans Meier',
    });
    expect(kept).toEqual({ EchoTime: 0.003, Manufacturer: 'Siemens', ManufacturersModelName: 'Prisma_fit' });
    expect(dropped).toEqual(['PatientName', 'ProtocolName', 'ScanOptions']);
    expect(sharedAcquisition({ ManufacturersModelName: 'Hans Meier' }).kept).toEqual({});
  });

  it('new labels are given once and stay', () => {
    const first = newLabels(['hans', 'eva'], new Map(), 'seed');
    expect([...first.values()].sort()).toEqual(['p001', 'p002']);
    const later = newLabels(['hans', 'eva', 'uwe'], first, 'seed');
    expect(later.get('hans')).toBe(first.get('hans'));
    expect(later.get('uwe')).toBe('p003');
  });
});
