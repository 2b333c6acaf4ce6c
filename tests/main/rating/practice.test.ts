import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { practiceFolder } from '../../../src-main/engine/practiceHandlers.ts';
import { practicePair } from '../../../src-main/workers/tasks/practicePair.ts';
import { explainPractice } from '../../../src-shared/rating/explainPractice.ts';
import { practiceItem, practiceItems, type PracticeTruth } from '../../../src-shared/rating/practiceItem.ts';
import { addPeople, lookOf, openTestStudy, type TestStudy } from '../../fixtures/ratedStudy.ts';

const truths = Array.from({ length: practiceItems }, (_, at) => practiceItem(1, at + 1, 3).truth);

describe('practice pairs', () => {
  it('have every verdict among them, and one with brain cut', () => {
    expect(new Set(truths.map(({ verdict }) => verdict))).toEqual(new Set([1, 2, 3]));
    expect(truths.filter(({ brainCut }) => brainCut)).toHaveLength(1);
    for (const { verdict, remains, regions } of truths) {
      const share = (region: string): number => regions.find((each) => each.region === region)?.share ?? 0;
      // The rule, from the shares themselves.
      const present = ['eyes', 'nose', 'mouth'].filter((region) => share(region) > 0.1);
      const left = ['eyes', 'nose', 'mouth'].filter((region) => share(region) >= 0.01);
      if (verdict === 1) expect([left, remains]).toEqual([[], []]);
      if (verdict === 2) expect(present).toEqual([]);
      if (present.length > 0) expect(verdict).toBe(3);
      for (const region of left) expect(remains).toContain(region);
    }
  });

  it('are the same for the same seed and others for another', () => {
    expect(practiceItem(1, 2, 3).truth).toEqual(truths[1]);
    expect(practiceItem(2, 2, 3).truth.regions).not.toEqual(truths[1].regions);
  });

  it('are explained by what is left, what was overlooked and what does not count', () => {
    const of = (verdict: number): PracticeTruth => {
      const found = truths.find((each) => each.verdict === verdict && !each.brainCut);
      if (found === undefined) throw new Error('no such pair');
      return found;
    };
    expect(explainPractice(of(1), lookOf(1))).toEqual([expect.stringContaining('1 is right')]);
    expect(explainPractice(of(1), lookOf(3)).join(' ')).toMatch(/stricter than the criterion/);
    expect(explainPractice(of(3), lookOf(1)).join(' ')).toMatch(/3 is right.*overlooked/);
    expect(explainPractice(of(2), lookOf(2))[0]).toMatch(/2 is right/);
    const cut = truths.find(({ brainCut }) => brainCut);
    expect(cut && explainPractice(cut, lookOf(1)).join(' ')).toMatch(/ml of brain were removed: mark/);
  });
});

describe('a practice round', () => {
  let study: TestStudy;
  let people: Awaited<ReturnType<typeof addPeople>>;
  beforeAll(async () => {
    study = await openTestStudy({ scans: 2, tools: ['alpha'] });
    people = await addPeople(study, [
      { name: 'Olga', role: 'owner' },
      { name: 'Ann', role: 'rater' },
      { name: 'Ben', role: 'rater' },
    ]);
    // All but one of the heads are there already: a job makes the last.
    for (let n = 1; n < practiceItems; n++) {
      const folder = join(study.folder, practiceFolder(1, n));
      mkdirSync(folder, { recursive: true });
      writeFileSync(join(folder, 'truth.json'), JSON.stringify(truths[n - 1]));
    }
    await practicePair({ folder: join(study.folder, practiceFolder(1, 1)), seed: 1, n: 1, coarser: 3 });
  });
  afterAll(() => study.close());

  it('is required before rating where the round says so, explains each answer and ends with a result', async () => {
    const { Olga, Ann, Ben } = people;
    const { id: roundId } = await Olga.api['rounds.open']({
      name: 'Round',
      primary: [Ann.id, Ben.id],
      third: null,
      minViewingMs: 0,
      practiceRequired: true,
    });
    expect(await Ann.api['ratings.next']({ roundId })).toMatchObject({ item: null, practiceDue: true });
    let practice = await Ann.api['practice.start']({});
    expect(practice).toMatchObject({ answered: 0, total: 10, next: 1, nextReady: true });
    expect(practice.jobId).not.toBeNull();
    expect((await Ann.api['practice.start']({})).id).toBe(practice.id);
    const name = `practice/${practice.id}/1/view/defaced/front`;
    expect(study.engine.bytesName(name, Ann.session)).toBe(
      `picture/${practiceFolder(1, 1)}/defaced/front.png`,
    );
    expect(() => study.engine.bytesName(name, Ben.session)).toThrow(/no such practice/);
    for (const strange of ['11/view/defaced/front', '1/view/../front', '1/view/defaced/..', '1/truth.json'])
      expect(study.engine.bytesName(`practice/${practice.id}/${strange}`, Ann.session)).toBeNull();
    await expect(
      Ann.api['practice.answer']({ practiceId: practice.id, n: 2, look: lookOf(1), viewingMs: 10 }),
    ).rejects.toMatchObject({ code: 'practice-order' });
    await expect(
      Ben.api['practice.answer']({ practiceId: practice.id, n: 1, look: lookOf(1), viewingMs: 10 }),
    ).rejects.toMatchObject({ code: 'practice-missing' });
    // Everything right but for the first, which is called one step off.
    for (let n = 1; n <= practiceItems; n++) {
      await expect
        .poll(async () => ([practice] = await Ann.api['practice.list']({}))[0].nextReady, { timeout: 60_000 })
        .toBe(true);
      const made = join(study.folder, practiceFolder(1, n), 'truth.json');
      const truth = JSON.parse(readFileSync(made, 'utf8')) as PracticeTruth;
      const verdict = n === 1 ? (((truth.verdict % 3) + 1) as 1 | 2 | 3) : truth.verdict;
      const look = lookOf(verdict, { brainCut: truth.brainCut });
      const explained = await Ann.api['practice.answer']({ practiceId: practice.id, n, look, viewingMs: 10 });
      expect(explained.right).toBe(n !== 1);
      expect(explained.sentences.length).toBeGreaterThan(0);
    }
    [practice] = await Ann.api['practice.list']({});
    expect(practice).toMatchObject({ next: null, result: { verdicts: 9, brain: 10 } });
    expect(practice.finishedAt).not.toBeNull();
    expect((await Ann.api['ratings.next']({ roundId })).item).not.toBeNull();
    expect((await Ben.api['ratings.next']({ roundId })).practiceDue).toBe(true);
    expect(await Olga.api['records.list']({ kinds: ['practice-finished'] })).toHaveLength(1);
    rmSync(join(study.folder, 'practice'), { recursive: true });
  });
});
