import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { RatingQueue } from '../../../src-shared/api/ratingCalls.ts';
import type { Look } from '../../../src-shared/rating/verdict.ts';
import {
  addPeople,
  freshId,
  lookOf,
  openTestStudy,
  secretOf,
  type StudyApi,
  type TestStudy,
} from '../../fixtures/ratedStudy.ts';

let study: TestStudy;
let people: Awaited<ReturnType<typeof addPeople>>;
let roundId: string;

beforeAll(async () => {
  study = await openTestStudy({ scans: 6, tools: ['alpha', 'beta'] });
  people = await addPeople(study, [
    { name: 'Olga', role: 'owner' },
    { name: 'Ann', role: 'rater' },
    { name: 'Ben', role: 'rater' },
    { name: 'Cy', role: 'rater' },
  ]);
});
beforeEach(async () => {
  const round = await people.Olga.api['rounds.open']({
    name: 'First',
    primary: [people.Ann.id, people.Ben.id],
    third: people.Cy.id,
    seed: 11,
    repeatShare: 0.25,
    minViewingMs: 1000,
    originalSide: 'random',
  });
  roundId = round.id;
});
afterAll(() => study.close());

const commit = (api: StudyApi, itemId: string, look: Look, viewingMs = 3000) =>
  api['ratings.commit']({ id: freshId(), itemId, look, viewingMs, render: { mode: 'views' } });

/** Rates everything on a person's list by a rule; answers how many it were. */
async function rateAll(api: StudyApi, rule: (nth: number) => Look = () => lookOf(1)): Promise<number> {
  let queue: RatingQueue = await api['ratings.next']({ roundId });
  let n = 0;
  while (queue.item !== null) ({ queue } = await commit(api, queue.item.id, rule(n++)));
  return n;
}

describe('a round', () => {
  it('gives each primary rater all defacings and the hidden repeats, in an own order without neighbours of one scan', async () => {
    const [ann, ben] = await Promise.all(
      [people.Ann, people.Ben].map(({ api }) => api['ratings.mine']({ roundId })),
    );
    expect(ann).toHaveLength(12 + 3);
    expect(ben).toHaveLength(12 + 3);
    expect(new Set([...ann, ...ben].map(({ itemId }) => itemId)).size).toBe(30);
    expect(await people.Cy.api['ratings.mine']({ roundId })).toEqual([]);
    const rows = await orderOf('Ann');
    for (let n = 1; n < rows.length; n++) expect(rows[n].scan).not.toBe(rows[n - 1].scan);
    expect((await orderOf('Ben')).map(({ scan }) => scan)).not.toEqual(rows.map(({ scan }) => scan));
  });

  it('hands out the next pair with those after it, and keeps place and half-made look over sign-out', async () => {
    const { api } = people.Ann;
    const queue = await api['ratings.next']({ roundId, ahead: 3 });
    expect(queue).toMatchObject({ done: 0, total: 15, later: 0, canUndo: false, practiceDue: false });
    expect(queue.ahead).toHaveLength(3);
    const second = queue.ahead[0];
    await api['ratings.keepPlace']({ itemId: second.id, look: lookOf(3, { note: 'left eye?' }) });
    await api['session.signOut']({});
    expect(await study.send('ratings.next', { roundId }, people.Ann.session)).toMatchObject({
      ok: false,
      error: { code: 'sign-in-needed' },
    });
    const { session } = await study.as(null)['session.signIn']({
      accountId: people.Ann.id,
      secret: secretOf('Ann'),
    });
    people.Ann = { ...people.Ann, session, api: study.as(session) };
    const again = await study.as(session)['ratings.next']({ roundId });
    expect(again.item?.id).toBe(second.id);
    expect(again.item?.draft).toMatchObject({ verdict: 3, note: 'left eye?' });
  });

  it('brings a pair that was begun first, even where it shows the head just seen', async () => {
    const { api } = people.Ann;
    const rows = await orderOf('Ann');
    await commit(api, rows[0].itemId, lookOf(1));
    const same = rows.slice(1).find(({ scan }) => scan === rows[0].scan)?.itemId ?? '';
    await api['ratings.keepPlace']({ itemId: same, look: null });
    expect((await api['ratings.next']({ roundId })).item?.id).toBe(same);
    await commit(api, same, lookOf(1));
    expect((await api['ratings.next']({ roundId })).item?.id).toBe(rows[1].itemId);
  });

  it('records a verdict once however often it is sent', async () => {
    const { api } = people.Ann;
    const { item } = await api['ratings.next']({ roundId });
    const sent = { id: freshId(), itemId: item?.id ?? '', look: lookOf(2), viewingMs: 2500, render: {} };
    const first = await api['ratings.commit'](sent);
    const second = await api['ratings.commit'](sent);
    expect(second).toEqual(first);
    expect(await people.Olga.api['verdicts.list']({ roundId })).toHaveLength(1);
    await expect(
      api['ratings.commit']({ ...sent, itemId: first.queue.item?.id ?? '' }),
    ).rejects.toMatchObject({
      code: 'id-used',
    });
  });

  it('refuses what is incomplete or too quick, and does not hold up corrections', async () => {
    const { api } = people.Ann;
    const itemId = (await api['ratings.next']({ roundId })).item?.id ?? '';
    await expect(commit(api, itemId, lookOf(3, { remains: [] }))).rejects.toMatchObject({
      code: 'look-incomplete',
    });
    await expect(commit(api, itemId, lookOf(1), 999)).rejects.toMatchObject({ code: 'too-soon' });
    await commit(api, itemId, lookOf(1));
    await commit(api, itemId, lookOf(2), 100);
    const rows = await people.Olga.api['verdicts.list']({ roundId });
    expect(rows.map(({ verdict, stands, supersedes }) => [verdict, stands, supersedes])).toEqual([
      [1, false, null],
      [2, true, rows[0].id],
    ]);
  });

  it('takes the last verdict back, then the one before, and a correction back to what it corrected', async () => {
    const { api } = people.Ann;
    const first = (await api['ratings.next']({ roundId })).item?.id ?? '';
    const second = (await commit(api, first, lookOf(1))).queue.item?.id ?? '';
    await commit(api, second, lookOf(3));
    await commit(api, first, lookOf(2));
    const undone = await api['ratings.undo']({ id: freshId(), roundId });
    expect([undone.item.id, undone.look.verdict, undone.item.decided?.verdict]).toEqual([first, 2, 1]);
    const again = await api['ratings.undo']({ id: freshId(), roundId });
    expect([again.item.id, again.item.decided]).toEqual([second, null]);
    expect(again.item.draft).toMatchObject({ verdict: 3 });
    expect((await api['ratings.next']({ roundId })).item?.id).toBe(second);
    const id = freshId();
    await api['ratings.undo']({ id, roundId });
    await api['ratings.undo']({ id, roundId });
    await expect(api['ratings.undo']({ id: freshId(), roundId })).rejects.toMatchObject({
      code: 'nothing-to-undo',
    });
    const rows = await people.Olga.api['verdicts.list']({ roundId });
    expect(rows).toHaveLength(6);
    expect(rows.some(({ stands }) => stands)).toBe(false);
    expect((await people.Olga.api['study.verify']({})).records.problems).toEqual([]);
  });

  it('lets what was put off come last, and an excluded original takes its other pairs off the list', async () => {
    const { api } = people.Ann;
    const first = (await api['ratings.next']({ roundId })).item?.id ?? '';
    const queue = await api['ratings.later']({ itemId: first });
    expect(queue.later).toBe(1);
    const excluded = queue.item?.id ?? '';
    const { queue: after } = await commit(api, excluded, lookOf('already-defaced'));
    expect(after.done).toBeGreaterThan(1);
    const own = await api['ratings.mine']({ roundId });
    expect(own.filter(({ state }) => state === 'excluded-with-original').length).toBe(after.done - 1);
    expect(own.find(({ itemId }) => itemId === first)?.state).toBe('later');
    const order: string[] = [];
    let next: RatingQueue = after;
    while (next.item !== null) {
      order.push(next.item.id);
      ({ queue: next } = await commit(api, next.item.id, lookOf(1)));
    }
    expect(order.at(-1)).toBe(first);
    expect(next.done).toBe(next.total);
    await api['ratings.undo']({ id: freshId(), roundId });
    await commit(api, excluded, lookOf(1));
    expect((await api['ratings.next']({ roundId })).item).not.toBeNull();
  });

  it('shows the third rater only disagreements, as they come and go', async () => {
    const { Ann, Ben, Cy, Olga } = people;
    await rateAll(Ann.api, () => lookOf(1));
    await rateAll(Ben.api, () => lookOf(1));
    expect((await Cy.api['ratings.next']({ roundId })).total).toBe(0);
    const [item] = (await Ben.api['ratings.mine']({ roundId })).filter(({ state }) => state === 'done');
    const firstLook = await firstLookOf('Ben', item.itemId);
    await commit(Ben.api, firstLook, lookOf(3));
    expect(await Cy.api['ratings.next']({ roundId })).toMatchObject({
      total: 1,
      done: 0,
      item: { position: 1 },
    });
    await commit(Ben.api, firstLook, lookOf(1));
    expect(await Cy.api['ratings.next']({ roundId })).toMatchObject({ total: 0, item: null });
    await commit(Ben.api, firstLook, lookOf(2));
    const queue = await Cy.api['ratings.next']({ roundId });
    expect(queue).toMatchObject({ total: 1, item: { decided: null } });
    await commit(Cy.api, queue.item?.id ?? '', lookOf(1));
    const labels = await Olga.api['labels.list']({ roundId });
    const majority = labels.filter(({ strict }) => strict.state === 'final' && strict.by === 'majority');
    expect(majority.map(({ strict, lenient }) => [strict, lenient])).toEqual([
      [
        { state: 'final', label: 0, by: 'majority' },
        { state: 'final', label: 0, by: 'agreement' },
      ],
    ]);
  });

  it('settles in the consensus session what three different answers left open, without names', async () => {
    const { Ann, Ben, Cy, Olga } = people;
    await rateAll(Ann.api);
    await rateAll(Ben.api);
    await expect(Olga.api['consensus.list']({ roundId })).resolves.toEqual([]);
    const target = await firstLookOf('Ben', null);
    await commit(Ben.api, target, lookOf(3, { note: 'the whole nose' }));
    await expect(Ben.api['consensus.list']({ roundId })).rejects.toMatchObject({ code: 'rating-unfinished' });
    const { item } = await Cy.api['ratings.next']({ roundId });
    await commit(Cy.api, item?.id ?? '', lookOf('incomplete-head'));
    // The exclusion is of the original: the other tool's defacing of it is disputed by nobody but the third.
    const [open] = await Ann.api['consensus.list']({ roundId });
    expect(open.sides.map(({ letter }) => letter)).toEqual(['A', 'B', 'C']);
    expect(new Set(open.sides.map(({ verdict, exclusion }) => verdict ?? exclusion))).toEqual(
      new Set([1, 3, 'incomplete-head']),
    );
    expect(JSON.stringify(open)).not.toMatch(/Ann|Ben|Cy|alpha|beta|sub-/);
    const decision = { verdict: 3, exclusion: null, remains: ['nose'], brainCut: false } as const;
    const id = freshId();
    const sent = { id, itemId: open.itemId, ...decision, sentence: 'All three see the nose.' } as const;
    await Cy.api['consensus.decide']({ ...sent, remains: ['nose'] });
    const [decided] = await Cy.api['consensus.decide']({ ...sent, remains: ['nose'] });
    expect(decided.decision?.sentence).toBe('All three see the nose.');
    const labels = await Olga.api['labels.list']({ roundId });
    expect(labels.filter(({ strict }) => strict.state === 'final' && strict.by === 'consensus')).toHaveLength(
      1,
    );
    expect(labels.every(({ strict, lenient }) => strict.state !== 'open' && lenient.state !== 'open')).toBe(
      true,
    );
  });

  it('freezes labels under a name, holds them, and reopens them with a reason in the log', async () => {
    const { Ann, Ben, Olga } = people;
    await rateAll(Ann.api);
    await expect(Olga.api['labels.freeze']({ roundId, name: 'v1' })).rejects.toMatchObject({
      code: 'round-open',
    });
    await Olga.api['rounds.close']({ roundId });
    await expect(Olga.api['labels.freeze']({ roundId, name: 'v1' })).rejects.toMatchObject({
      code: 'labels-open',
    });
    await Olga.api['rounds.reopen']({ roundId, reason: 'Ben has not rated' });
    await rateAll(Ben.api);
    await Olga.api['rounds.close']({ roundId });
    await expect(commit(Ben.api, await firstLookOf('Ben', null), lookOf(3))).rejects.toMatchObject({
      code: 'round-closed',
    });
    expect((await Olga.api['labels.freeze']({ roundId, name: 'v1' })).labels).toBe(12);
    await expect(Olga.api['rounds.reopen']({ roundId, reason: 'again' })).rejects.toMatchObject({
      code: 'labels-frozen',
    });
    expect((await Olga.api['labels.list']({ roundId })).every(({ frozen }) => frozen)).toBe(true);
    await Olga.api['labels.reopen']({ roundId, reason: 'a slip' });
    const records = await Olga.api['records.list']({});
    const own = records.filter(({ body }) => (body as { roundId?: string }).roundId === roundId);
    expect(own.map(({ kind }) => kind).filter((kind) => kind !== 'verdict')).toEqual([
      'round-closed',
      'round-reopened',
      'round-closed',
      'labels-frozen',
      'labels-reopened',
    ]);
  });

  it('takes more tools in and keeps what was rated', async () => {
    const small = await people.Olga.api['rounds.open']({
      name: 'Small',
      tools: ['alpha'],
      primary: [people.Ann.id, people.Cy.id],
      third: null,
      repeatShare: 0,
    });
    const before = await people.Ann.api['ratings.mine']({ roundId: small.id });
    await commit(people.Ann.api, before[0].itemId, lookOf(1));
    const { added, round } = await people.Olga.api['rounds.add']({
      roundId: small.id,
      tools: ['alpha', 'beta'],
    });
    expect([added, round.overview?.defacings]).toEqual([6, 12]);
    const after = await people.Ann.api['ratings.mine']({ roundId: small.id });
    expect(after).toHaveLength(12);
    expect(after.slice(0, 6).map(({ itemId }) => itemId)).toEqual(before.map(({ itemId }) => itemId));
    expect(after[0].look?.verdict).toBe(1);
  });

  it('without an adjudicator sends disagreements to the consensus session', async () => {
    const { Ann, Cy, Olga } = people;
    const pair = await Olga.api['rounds.open']({
      name: 'Pair',
      tools: ['alpha'],
      primary: [Ann.id, Cy.id],
      third: null,
      repeatShare: 0,
      minViewingMs: 0,
    });
    for (const [{ api }, verdict] of [
      [Ann, 1],
      [Cy, 3],
    ] as const) {
      let queue: RatingQueue = await api['ratings.next']({ roundId: pair.id });
      while (queue.item !== null) ({ queue } = await commit(api, queue.item.id, lookOf(verdict)));
    }
    expect(await Ann.api['consensus.list']({ roundId: pair.id })).toHaveLength(6);
  });
});

/** A person's items in order, with what only the store knows of them. */
async function orderOf(name: string): Promise<{ itemId: string; scan: string }[]> {
  const rows = await people[name].api['ratings.mine']({ roundId });
  return rows.map(({ itemId }) => ({
    itemId,
    scan: study.engine.bytesName(`item/${itemId}/volume`, people[name].session) ?? '',
  }));
}

/** An item that is no hidden repeat: the first of its defacing on the list. `itemId` stands for any of the same defacing. */
async function firstLookOf(name: string, itemId: string | null): Promise<string> {
  const { api, session } = people[name];
  const rows = await api['ratings.mine']({ roundId });
  const defacing = (id: string): string => study.engine.bytesName(`item/${id}/removed`, session) ?? '';
  const wanted = defacing(itemId ?? rows[0].itemId);
  return rows.find((row) => defacing(row.itemId) === wanted)?.itemId ?? '';
}
