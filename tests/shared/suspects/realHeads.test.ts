import { beforeAll, expect, it } from 'vitest';
import { findSuspicions } from '../../../src-shared/suspects/findSuspicions.ts';
import type { Suspicion } from '../../../src-shared/suspects/suspicion.ts';
import { findHead } from '../../../src-shared/views/findHead.ts';
import { describeWithShared } from '../../fixtures/shared.ts';
import { defacedBy, flippedWorld, headOf, registered, short, suspicionsOf, template } from './prepare.ts';

const expected: Record<string, string[]> = {
  colin27_t1: [],
  flair_3d_1mm: [],
  t1_2dsag_hfs: [],
  t1_mprage_capsules: [],
  t1_fullhead_1p6mm: ['possible incomplete-head'],
  t1_patient_upperface: ['possible incomplete-head'],
  t1_2dsag_hfdr_cutfov: ['likely incomplete-head'],
  t2_oblique_cutfov: ['likely incomplete-head'],
  t1_defaced_studyforrest: ['likely already-defaced'],
  colin27_brain: ['likely brain-extracted'],
  flair_skullstripped: ['likely brain-extracted'],
  not_a_head_melon: ['likely not-a-head'],
};

describeWithShared('suspicions about real originals', () => {
  const found = new Map<string, Suspicion[]>();
  beforeAll(async () => {
    for (const name of Object.keys(expected)) found.set(name, suspicionsOf(await headOf(name)));
  }, 120_000);

  it.each(Object.entries(expected))('says of %s exactly %j', (name, kinds) => {
    expect(short(found.get(name) ?? [])).toEqual(kinds);
  });

  it.each([
    ['t1_2dsag_hfdr_cutfov', 'the left side'],
    ['t1_fullhead_1p6mm', 'the left side'],
    ['t2_oblique_cutfov', 'the top'],
    ['t1_patient_upperface', 'the front'],
  ])('names the side at which %s is cut: %s', (name, side) => {
    const sentence = found.get(name)?.find(({ kind }) => kind === 'incomplete-head')?.sentence ?? '';
    expect(sentence).toContain(side);
    expect(sentence.match(/the (left|right|front|back|top)/g)).toHaveLength(1);
  });

  it('keeps a code of the header apart from what is seen: an untouched head can claim to be defaced', async () => {
    const volume = await headOf('t1_fullhead_1p6mm');
    const input = { volume, head: findHead(volume), brain: null, registration: registered(volume), template };
    const claims = { deidentificationCodes: ['113102', '113100', '113107'] };
    expect(short(findSuspicions({ ...input, claims }))).toEqual([
      'possible defacing-claimed',
      'possible incomplete-head',
    ]);
    expect(
      short(findSuspicions({ ...input, claims: { deidentificationCodes: ['113100', '113107'] } })),
    ).toEqual(['possible incomplete-head']);
  });

  it('sees a head on its crown, and one that faces the back, and says so instead of naming sides', async () => {
    const volume = await headOf('t1_fullhead_1p6mm');
    const crown = suspicionsOf(flippedWorld(volume, [1, 1, -1]));
    expect(short(crown)).toEqual(['likely wrong-way-round']);
    expect(crown[0].sentence).toContain('upside down');
    const back = suspicionsOf(flippedWorld(volume, [1, -1, 1]));
    expect(short(back)).toEqual(['likely wrong-way-round']);
    expect(back[0].sentence).toContain('points to the back');
  }, 60_000);

  it('still sees cuts and borders without a registration', async () => {
    expect(short(suspicionsOf(await headOf('t1_defaced_studyforrest'), null))).toEqual([
      'likely already-defaced',
    ]);
    expect(short(suspicionsOf(await headOf('t2_oblique_cutfov'), null))).toEqual(['likely incomplete-head']);
    expect(short(suspicionsOf(await headOf('t1_2dsag_hfs'), null))).toEqual([]);
    expect(short(suspicionsOf(await headOf('colin27_brain'), null))).toEqual(['possible already-defaced']);
  });
});

const heads = [
  'colin27_t1', 'flair_3d_1mm', 't1_2dsag_hfdr_cutfov', 't1_2dsag_hfs',
  't1_fullhead_1p6mm', 't1_mprage_capsules', 't1_patient_upperface', 't2_oblique_cutfov',
]; // prettier-ignore

describeWithShared('suspicions about heads that real tools defaced', () => {
  const cases = heads.flatMap((name) => ['pydeface', 'quickshear', 'niimath'].map((tool) => [name, tool]));
  const made = cases.filter(([name, tool]) => tool !== 'niimath' || !/hfdr|patient/.test(name));

  it.each(made)(
    'sees that %s was defaced by %s',
    async (name, tool) => {
      const found = suspicionsOf(await defacedBy(name, tool));
      expect(short(found)).toContain('likely already-defaced');
    },
    30_000,
  );

  it('calls an image from which everything was removed no head', async () => {
    const found = suspicionsOf(await defacedBy('t1_patient_upperface', 'niimath'));
    expect(short(found)).toEqual(['likely not-a-head']);
  });
});
