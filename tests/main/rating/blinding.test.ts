import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { contract } from '../../../src-shared/api/contract.ts';
import { smallestInput } from '../../fixtures/smallestInput.ts';
import {
  addPeople,
  freshId,
  lookOf,
  openTestStudy,
  secretOf,
  type TestStudy,
} from '../../fixtures/ratedStudy.ts';

let study: TestStudy;
let people: Awaited<ReturnType<typeof addPeople>>;
let roundId: string;
/** Ids an attacker could have seen anywhere: of scans, defacings, other people's items and verdicts. */
let stolen: { scanId: string; defacingId: string; itemId: string; verdictId: string; consensusItem: string };

const tools = ['secret-tool-one', 'secret-tool-two'];

beforeAll(async () => {
  study = await openTestStudy({ scans: 4, tools });
  people = await addPeople(study, [
    { name: 'Olga', role: 'owner' },
    { name: 'Ann', role: 'rater' },
    { name: 'Ben', role: 'rater' },
    { name: 'Cy', role: 'rater' },
    { name: 'Vera', role: 'viewer' },
    { name: 'Dan', role: 'rater' },
  ]);
  const { Olga, Ann, Ben, Cy } = people;
  const round = await Olga.api['rounds.open']({
    name: 'Round',
    primary: [Ann.id, Ben.id],
    third: Cy.id,
    repeatShare: 0,
    minViewingMs: 0,
  });
  roundId = round.id;
  const { item } = await Ann.api['ratings.next']({ roundId });
  const itemId = item?.id ?? '';
  const { verdictId } = await Ann.api['ratings.commit']({
    id: freshId(),
    itemId,
    look: lookOf(3, { note: 'a telling note' }),
    viewingMs: 4321,
    render: {},
  });
  const [{ defacingId }] = await Olga.api['verdicts.list']({ roundId });
  const defacing = (await Olga.api['defacings.list']({})).find(({ id }) => id === defacingId);
  stolen = { scanId: defacing?.scanId ?? '', defacingId, itemId, verdictId, consensusItem: itemId };
});
afterAll(() => study.close());

/**
 * For every call, what somebody would send who wants to know of others: made from the call's own check with stolen ids in
 * every place for one, so that a new call is tried the moment it joins; by hand where more than that is needed to be heard.
 */
const attempts = (): Record<string, unknown> => ({
  ...Object.fromEntries(
    Object.entries(contract).map(([name, { schema }]) => [
      name,
      smallestInput(schema, {
        ...stolen,
        roundId,
        accountId: people.Ann.id,
        scanIds: [stolen.scanId],
        defacingIds: [stolen.defacingId],
      }),
    ]),
  ),
  ...byHand(),
});

const byHand = (): Record<string, unknown> => {
  const { scanId, itemId } = stolen;
  const look = lookOf(1);
  return {
    'scans.prepared': { scanId },
    'imports.start': { input: study.folder },
    'runs.start': { tools: [] },
    'jobs.steps': { jobId: 1 },
    'jobs.cancel': { jobId: 1 },
    'jobs.wait': { jobId: 1 },
    'people.add': { name: 'Eve', role: 'owner', secret: 'secret of Eve' },
    'people.change': { accountId: people.Ben.id, role: 'owner' },
    'people.setLock': { idleMinutes: 240 },
    'criteria.add': { strict: 'Everything gone.', lenient: 'A trace is left.', guide: 'Look closely.' },
    'rounds.open': { name: 'Own', primary: [people.Ben.id, people.Ann.id], third: null },
    'rounds.add': { roundId },
    'rounds.close': { roundId },
    'rounds.reopen': { roundId, reason: 'to look' },
    'rounds.unblind': { roundId, accountId: people.Ben.id, reason: 'to look' },
    'ratings.next': { roundId },
    'ratings.item': { itemId },
    'ratings.mine': { roundId },
    'ratings.commit': { id: freshId(), itemId, look, viewingMs: 5000, render: {} },
    'ratings.undo': { id: freshId(), roundId },
    'ratings.later': { itemId },
    'ratings.keepPlace': { itemId, look: null },
    'consensus.list': { roundId },
    'consensus.decide': {
      id: freshId(),
      itemId,
      verdict: 1,
      exclusion: null,
      remains: [],
      brainCut: false,
      sentence: 'I say so.',
    },
    'verdicts.list': { roundId },
    'labels.list': { roundId },
    'labels.freeze': { roundId, name: 'mine' },
    'labels.reopen': { roundId, reason: 'to look' },
    'ratings.export': { roundId, shape: 'long', format: 'json' },
    'labels.previewImport': { text: 'scan,tool\na,b\n' },
    'labels.import': {
      text: 'scan,tool,strict\na,b,1\n',
      source: 'me',
      mapping: { scan: 'scan', tool: 'tool', strict: 'strict' },
    },
    'agreement.report': { roundId },
    'agreement.pairs': {
      roundId,
      tool: null,
      criterion: 'strict',
      raters: [people.Ann.id, people.Ben.id],
      cell: [1, 1],
    },
    'agreement.success': { roundId },
    'agreement.ages': { roundId },
    'session.signIn': { accountId: people.Ann.id, secret: 'a guess' },
    'session.unlock': { secret: 'a guess' },
    'session.changeSecret': { old: 'a guess', new: 'another guess' },
    'practice.answer': { practiceId: 'none', n: 1, look, viewingMs: 1 },
  };
};

/** What an answer must not hold for somebody who is blind: anything of another's rating, of scans, persons or tools. */
function telling(text: string): string[] {
  const words = [
    ...tools,
    'a telling note',
    '4321',
    'sub-001',
    'sub-002',
    'T1w.nii',
    stolen.scanId,
    stolen.defacingId,
    stolen.verdictId,
  ];
  return words.filter((word) => text.includes(word));
}

// Practice starts heavy work and tells of invented heads only; a test of its own looks at it.
const heavy = ['practice.start', 'session.signOut', 'session.lock'];

describe('while a round is open', () => {
  it.each(Object.keys(contract).filter((name) => !heavy.includes(name)))(
    'the call %s tells a rater nothing of others, of tools, persons or scans',
    async (name) => {
      for (const who of ['Ben', 'Cy', 'Dan']) {
        const answer = await study.send(name, attempts()[name], people[who].session);
        expect(telling(JSON.stringify(answer)), `${name} as ${who}`).toEqual([]);
        const { who: rule } = contract[name as keyof typeof contract];
        const code = answer.ok ? '' : answer.error.code;
        if (rule === 'owner' || rule === 'reader' || rule === 'any-owner')
          expect(['blinded', 'not-allowed'], `${name} as ${who}`).toContain(code);
        // Refused at the door, nothing would have been tried: such a call needs an attempt by hand.
        expect(code, `${name} as ${who}`).not.toBe('bad-input');
      }
    },
  );

  it('refuses a rater the names of bytes that are not of his own list, and gives those that are', async () => {
    const { Ann, Ben, Cy } = people;
    const { scanId, defacingId, itemId } = stolen;
    const names = [
      `view/scan/${scanId}/front`,
      `view/defacing/${defacingId}/front`,
      `volume/${scanId}`,
      `brain/${scanId}`,
      `removed/${defacingId}`,
      `surface/scan/${scanId}`,
      `surface/defacing/${defacingId}`,
      `item/${itemId}/view/defaced/front`,
      `item/${itemId}/volume`,
      'item/none/volume',
    ];
    for (const { session } of [Ben, Cy, people.Dan])
      for (const name of names) expect(() => study.engine.bytesName(name, session), name).toThrow();
    for (const name of names) expect(() => study.engine.bytesName(name, null), name).toThrow(/Sign in/);
    expect(study.engine.bytesName(`item/${itemId}/view/original/front`, Ann.session)).toBe(
      `view/scan/${scanId}/front`,
    );
    expect(study.engine.bytesName(`item/${itemId}/removed`, Ann.session)).toBe(`removed/${defacingId}`);
    expect(study.engine.bytesName(`item/${itemId}/../scan`, Ann.session)).toBeNull();
    const { item } = await Ben.api['ratings.next']({ roundId });
    expect(JSON.stringify(item)).not.toContain(scanId);
  });

  it('shows an owner everything and a viewer no verdicts', async () => {
    const { Olga, Vera } = people;
    expect(await Olga.api['verdicts.list']({ roundId })).toHaveLength(1);
    expect((await Olga.api['agreement.report']({ roundId })).rows.length).toBeGreaterThan(0);
    expect(await Vera.api['scans.list']({})).toHaveLength(4);
    for (const name of ['verdicts.list', 'agreement.report', 'ratings.export', 'labels.list'])
      expect(await study.send(name, attempts()[name], Vera.session)).toMatchObject({
        ok: false,
        error: { code: 'round-open' },
      });
    expect((await Vera.api['labels.list']({})).every(({ strict }) => strict.state === 'open')).toBe(true);
  });

  it('hides from an owner who rates what it hides from raters, until somebody lifts it with a reason', async () => {
    const { Olga, Ann } = people;
    const own = await Olga.api['rounds.open']({
      name: 'With the owner',
      primary: [Olga.id, Ann.id],
      third: null,
      minViewingMs: 0,
    });
    expect(own.overview).toMatchObject({ tools: null, disputed: null, defacings: 8 });
    expect(await study.send('verdicts.list', { roundId }, Olga.session)).toMatchObject({
      error: { code: 'blinded' },
    });
    expect((await Olga.api['session.state']({})).blind).toBe(true);
    await Olga.api['rounds.unblind']({
      roundId: own.id,
      accountId: Olga.id,
      reason: 'a complaint of a rater',
    });
    expect(await Olga.api['verdicts.list']({ roundId })).toHaveLength(1);
    const unblinded = await Olga.api['records.list']({ kinds: ['unblinded'] });
    expect(unblinded).toMatchObject([{ by: 'Olga', body: { reason: 'a complaint of a rater' } }]);
    await Olga.api['rounds.close']({ roundId: own.id });
  });

  it('opens what it hid when the round is closed', async () => {
    const { Olga, Ben } = people;
    await Olga.api['rounds.close']({ roundId });
    expect(await Ben.api['verdicts.list']({ roundId })).toHaveLength(1);
    expect(await Ben.api['scans.list']({})).toHaveLength(4);
    await Olga.api['rounds.reopen']({ roundId, reason: 'not finished' });
    expect(await study.send('scans.list', {}, Ben.session)).toMatchObject({ error: { code: 'blinded' } });
  });
});

describe('a viewer', () => {
  it.each(
    Object.keys(contract).filter((name) =>
      ['rater', 'owner', 'any-owner'].includes(contract[name as keyof typeof contract].who),
    ),
  )('is refused %s, which changes something or is of somebody else', async (name) => {
    expect(await study.send(name, attempts()[name], people.Vera.session)).toMatchObject({
      ok: false,
      error: { code: 'not-allowed' },
    });
  });
});

describe('nobody signed in', () => {
  it.each(Object.keys(contract).filter((name) => contract[name as keyof typeof contract].who !== 'anyone'))(
    '%s asks to sign in first',
    async (name) => {
      expect(await study.send(name, attempts()[name], null)).toMatchObject({
        ok: false,
        error: { code: 'sign-in-needed' },
      });
      expect(await study.send(name, attempts()[name], 'an invented session')).toMatchObject({
        ok: false,
        error: { code: 'sign-in-needed' },
      });
    },
  );

  it('the state of the session tells names to choose from and nothing else', async () => {
    const state = await study.as(null)['session.state']({});
    expect(state).toMatchObject({ accounts: true, person: null, blind: true });
    expect(Object.keys(state.people[0])).toEqual(['id', 'name']);
    expect(secretOf('Ann')).not.toBe('');
  });
});
