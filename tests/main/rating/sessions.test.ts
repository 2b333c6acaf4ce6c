import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { addPeople, openTestStudy, secretOf, testClock, type TestStudy } from '../../fixtures/ratedStudy.ts';

let study: TestStudy;
let clock: ReturnType<typeof testClock>;
beforeEach(async () => {
  clock = testClock();
  study = await openTestStudy({ scans: 2, tools: ['alpha'] }, { clock });
});
afterEach(() => study.close());

describe('people', () => {
  it('are not needed: without accounts everything is as it was', async () => {
    const api = study.as(null);
    expect(await api['session.state']({})).toMatchObject({ accounts: false, person: null, blind: false });
    expect(await api['scans.list']({})).toHaveLength(2);
    await expect(
      api['rounds.open']({ name: 'Round', primary: ['a', 'b'], third: null }),
    ).rejects.toMatchObject({ code: 'people-needed' });
  });

  it('begin with an owner; from then on everyone signs in', async () => {
    const api = study.as(null);
    await expect(api['people.add']({ name: 'Ann', role: 'rater', secret: '1234' })).rejects.toMatchObject({
      code: 'first-owner',
    });
    const { id } = await api['people.add']({ name: 'Olga', role: 'owner', secret: '1234' });
    await expect(api['people.add']({ name: 'Ann', role: 'rater', secret: '1234' })).rejects.toMatchObject({
      code: 'sign-in-needed',
    });
    await expect(api['session.signIn']({ accountId: id, secret: '4321' })).rejects.toMatchObject({
      code: 'wrong-secret',
    });
    const { session, state } = await api['session.signIn']({ accountId: id, secret: '1234' });
    expect(state.person).toEqual({ id, name: 'Olga', role: 'owner' });
    const olga = study.as(session);
    for (const secret of ['123', 'short', '1111', ''])
      await expect(olga['people.add']({ name: 'Ann', role: 'rater', secret })).rejects.toMatchObject({
        code: 'secret-weak',
      });
    await expect(olga['people.add']({ name: 'OLGA', role: 'rater', secret: '2345' })).rejects.toMatchObject({
      code: 'name-taken',
    });
    await expect(olga['people.change']({ accountId: id, role: 'rater' })).rejects.toMatchObject({
      code: 'last-owner',
    });
    const kinds = (await olga['records.list']({})).map(({ kind, by }) => `${kind} ${by ?? ''}`);
    expect(kinds).toEqual(['account-added Olga', 'sign-in-refused Olga', 'sign-in Olga']);
  });

  it('switch with one call, and whoever is retired is out at once', async () => {
    const { Olga, Ann } = await addPeople(study, [
      { name: 'Olga', role: 'owner' },
      { name: 'Ann', role: 'rater' },
    ]);
    const { session } = await Ann.api['session.signIn']({ accountId: Olga.id, secret: secretOf('Olga') });
    expect((await study.as(session)['session.state']({})).person?.name).toBe('Olga');
    expect((await Ann.api['session.state']({})).person).toBeNull();
    const again = await study.as(null)['session.signIn']({ accountId: Ann.id, secret: secretOf('Ann') });
    await Olga.api['people.change']({ accountId: Ann.id, retired: true });
    expect((await study.as(again.session)['session.state']({})).person).toBeNull();
    await expect(
      study.as(null)['session.signIn']({ accountId: Ann.id, secret: secretOf('Ann') }),
    ).rejects.toMatchObject({ code: 'wrong-secret' });
  });

  it('are locked after idling, keep their session, and come back with their secret only', async () => {
    const { Olga, Ann } = await addPeople(study, [
      { name: 'Olga', role: 'owner' },
      { name: 'Ann', role: 'rater' },
    ]);
    await Olga.api['people.setLock']({ idleMinutes: 5 });
    clock.advance(4 * 60_000);
    await Ann.api['session.touch']({});
    clock.advance(4 * 60_000);
    // Asking for the state is no sign of a person.
    expect((await Ann.api['session.state']({})).locked).toBe(false);
    clock.advance(2 * 60_000);
    expect(await Ann.api['session.state']({})).toMatchObject({ locked: true, person: { name: 'Ann' } });
    await expect(Ann.api['ratings.next']({ roundId: 'any' })).rejects.toMatchObject({
      code: 'session-locked',
    });
    expect(() => study.engine.bytesName('item/x/volume', Ann.session)).toThrow(/locked/);
    await expect(Ann.api['session.unlock']({ secret: secretOf('Olga') })).rejects.toMatchObject({
      code: 'wrong-secret',
    });
    expect((await Ann.api['session.unlock']({ secret: secretOf('Ann') })).locked).toBe(false);
    expect((await Ann.api['session.lock']({})).locked).toBe(true);
  });

  it('cannot be guessed quickly: after four wrong tries each further one waits, longer each time', async () => {
    const { Ann } = await addPeople(study, [
      { name: 'Olga', role: 'owner' },
      { name: 'Ann', role: 'rater' },
    ]);
    const wrong = () => study.as(null)['session.signIn']({ accountId: Ann.id, secret: 'a guess' });
    for (let n = 0; n < 4; n++) await expect(wrong()).rejects.toMatchObject({ code: 'wrong-secret' });
    await expect(wrong()).rejects.toMatchObject({ code: 'too-many-tries', facts: { seconds: 1 } });
    clock.advance(1100);
    await expect(wrong()).rejects.toMatchObject({ code: 'wrong-secret' });
    await expect(wrong()).rejects.toMatchObject({ code: 'too-many-tries', facts: { seconds: 2 } });
    clock.advance(2100);
    await expect(
      study.as(null)['session.signIn']({ accountId: Ann.id, secret: secretOf('Ann') }),
    ).resolves.toMatchObject({ state: { person: { name: 'Ann' } } });
  });
});
