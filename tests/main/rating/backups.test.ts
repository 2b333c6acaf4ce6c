import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { listBackups, makeBackup, restoreBackup } from '../../../src-main/engine/backups.ts';
import { openStore, studyFileName } from '../../../src-main/store/openStore.ts';
import {
  addPeople,
  freshId,
  lookOf,
  openTestStudy,
  secretOf,
  testClock,
  type TestStudy,
} from '../../fixtures/ratedStudy.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'defaceqa-backups-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

async function ratedStudy(): Promise<{
  study: TestStudy;
  roundId: string;
  people: Awaited<ReturnType<typeof addPeople>>;
}> {
  const study = await openTestStudy({ scans: 30, tools: ['alpha', 'beta'] }, { folder, clock: testClock() });
  const people = await addPeople(study, [
    { name: 'Olga', role: 'owner' },
    { name: 'Ann', role: 'rater' },
    { name: 'Ben', role: 'rater' },
  ]);
  const { id: roundId } = await people.Olga.api['rounds.open']({
    name: 'Round',
    primary: [people.Ann.id, people.Ben.id],
    third: null,
    minViewingMs: 0,
  });
  return { study, roundId, people };
}

async function rate(
  people: Awaited<ReturnType<typeof addPeople>>,
  roundId: string,
  count: number,
): Promise<void> {
  const { api } = people.Ann;
  for (let n = 0; n < count; n++) {
    const { item } = await api['ratings.next']({ roundId, ahead: 0 });
    const sent = { id: freshId(), itemId: item?.id ?? '', look: lookOf(1), viewingMs: 900, render: {} };
    await api['ratings.commit'](sent);
  }
}

it('copies a study in use, checked, and puts the copy back with what was there kept', async () => {
  const { study, roundId, people } = await ratedStudy();
  await rate(people, roundId, 3);
  const made = await people.Olga.api['backups.make']({});
  expect(made).toMatchObject({ automatic: false });
  expect(made.name).toContain(made.sha256.slice(0, 16));
  await rate(people, roundId, 2);
  await expect(restoreBackup(folder, made.path, { at: '2026-04-01T00:00:00.000Z' })).rejects.toMatchObject({
    code: 'study-busy',
  });
  await study.close({ keep: true });

  const { replaced } = await restoreBackup(folder, made.path, { at: '2026-04-01T00:00:00.000Z' });
  const again = await openTestStudy(null, { folder });
  const asked = { accountId: people.Olga.id, secret: secretOf('Olga') };
  const { session } = await again.as(null)['session.signIn'](asked);
  const olga = again.as(session);
  expect(await olga['verdicts.list']({ roundId })).toHaveLength(3);
  expect((await olga['study.verify']({})).records.problems).toEqual([]);
  expect((await olga['records.list']({ kinds: ['study-restored'] })).map(({ body }) => body)).toEqual([
    { sha256: made.sha256, replaced },
  ]);
  const copies = await olga['backups.list']({});
  expect(copies.map(({ name }) => name)).toContain(replaced);
  await again.close({ keep: true });

  await restoreBackup(folder, join(folder, 'backups', replaced ?? ''), { at: '2026-04-02T00:00:00.000Z' });
  const store = openStore(folder, { readOnly: true, newStudyId: () => '' });
  expect(store.db.prepare('SELECT count(*) AS n FROM verdict').get()).toEqual({ n: 5 });
  store.close();
});

it('makes copies by itself while people rate, and keeps the last ten', async () => {
  const { study, roundId, people } = await ratedStudy();
  await rate(people, roundId, 60);
  await study.close({ keep: true });
  const [automatic, ...others] = await listBackups(folder);
  expect([automatic.automatic, others.length]).toEqual([true, 0]);
  const store = openStore(folder, { newStudyId: () => '' });
  for (let n = 10; n < 22; n++)
    await makeBackup(store, { at: `2026-05-01T00:00:${n}.000Z`, automatic: true });
  await makeBackup(store, { at: '2026-01-01T00:00:00.000Z', automatic: false });
  store.close();
  const copies = await listBackups(folder);
  expect(copies.filter((copy) => copy.automatic)).toHaveLength(10);
  expect(copies.filter((copy) => !copy.automatic)).toHaveLength(1);
});

it('refuses damaged copies and those of other studies, and leaves the study as it is', async () => {
  const { study, people } = await ratedStudy();
  const { path, bytes } = await people.Olga.api['backups.make']({});
  await study.close({ keep: true });
  const whole = readFileSync(path);
  const cut = join(folder, 'cut.sqlite');
  const forged = join(folder, 'forged.sqlite');
  writeFileSync(cut, whole.subarray(0, Math.floor(bytes / 2)));
  const text = Buffer.from(whole);
  for (let at = text.indexOf('round-opened'); at >= 0; at = text.indexOf('round-opened', at))
    text.write('round-closed', at);
  writeFileSync(forged, text);
  const other = mkdtempSync(join(tmpdir(), 'defaceqa-other-'));
  openStore(other, { newStudyId: () => 'another' }).close();
  const before = readFileSync(join(folder, studyFileName));
  const at = '2026-04-01T00:00:00.000Z';
  for (const copy of [cut, forged, join(folder, 'nowhere.sqlite')])
    await expect(restoreBackup(folder, copy, { at }), copy).rejects.toMatchObject({ code: 'backup-damaged' });
  await expect(restoreBackup(folder, join(other, studyFileName), { at })).rejects.toMatchObject({
    code: 'backup-other-study',
  });
  expect(readFileSync(join(folder, studyFileName)).equals(before)).toBe(true);
  rmSync(other, { recursive: true });
});

it('brings back a study whose database is damaged or gone', async () => {
  const { study, people } = await ratedStudy();
  const { path } = await people.Olga.api['backups.make']({});
  await study.close({ keep: true });
  writeFileSync(join(folder, studyFileName), 'no database at all, but long enough to be looked at as one');
  const { replaced } = await restoreBackup(folder, path, { at: '2026-04-01T00:00:00.000Z' });
  expect(replaced).toMatch(/damaged/);
  expect(existsSync(join(folder, replaced ?? ''))).toBe(true);
  rmSync(join(folder, studyFileName));
  expect(await restoreBackup(folder, path, { at: '2026-04-01T00:00:00.000Z' })).toEqual({ replaced: null });
  openStore(folder, { readOnly: true, newStudyId: () => '' }).close();
});
