import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createEngine, systemClock, type OpenEngine } from '../../../src-main/engine/engine.ts';
import { encodePng } from '../../../src-main/files/png.ts';
import { openPool } from '../../../src-main/workers/pool.ts';
import type { ApiOf } from '../../../src-shared/api/call.ts';
import { createClient } from '../../../src-shared/api/client.ts';
import { contract } from '../../../src-shared/api/contract.ts';
import { writeLearnableStudy } from '../../fixtures/learnableStudy.ts';
import { describeIf } from '../../fixtures/shared.ts';

const folder = mkdtempSync(join(tmpdir(), 'defaceqa-report-'));
const workers = openPool({ size: 1 });
let engine: OpenEngine;
let api: ApiOf<typeof contract>;
const open = async (day: string): Promise<void> => {
  const clock = { ...systemClock, now: () => `${day}T12:00:00.000Z` };
  engine = await createEngine({
    studyFolder: join(folder, 'study'),
    tools: [],
    workers,
    clock,
    software: 'test',
  });
  api = createClient(contract, engine.dispatch);
};

beforeAll(async () => {
  const picture = encodePng({ width: 8, height: 8, pixels: new Uint8Array(64).fill(90) });
  writeLearnableStudy(join(folder, 'study'), { persons: 12, scansPerPerson: 1, picture: () => picture });
  await open('2026-03-01');
});
afterAll(async () => {
  await engine.close();
  await workers.close();
  rmSync(folder, { recursive: true, force: true });
});

describe('the report', () => {
  it('says what was done with numbers, and nothing of what was not', async () => {
    const { html } = await api['report.html']({ title: 'A <study>' });
    expect(html).toContain('A &#60;study&#62;');
    for (const part of ['flow', 'tools', 'agreement', 'model', 'triage', 'accepted', 'method', 'appendix'])
      expect(html).toContain(`id="${part}"`);
    expect(html).toContain('<strong>36</strong> defacings made');
    expect(html).toContain('No triage was run.');
    expect(html).not.toMatch(/anonymi[sz]ed|compliant|<script|https?:\/\/(?!www\.w3\.org)/i);
    expect(html).not.toContain('data:image');
    expect(html.match(/<tr>/g)?.length).toBeGreaterThan(36);
  });

  it('shows faces only when asked, those of originals only when asked for them', async () => {
    const count = async (faces: 'none' | 'defaced' | 'all'): Promise<number> =>
      ((await api['report.html']({ faces })).html.match(/data:image\/png/g) ?? []).length;
    expect([await count('none'), await count('defaced'), await count('all')]).toEqual([0, 36, 48]);
  });

  it('has the same bytes for the same study, apart from the line with the date', async () => {
    const { html: first } = await api['report.html']({});
    await engine.close();
    await open('2027-09-09');
    const { html: second } = await api['report.html']({});
    const lines = first.split('\n');
    const differing = second.split('\n').filter((line, n) => line !== lines[n]);
    expect(differing).toEqual(['<p class="date">Printed on 2027-09-09</p>']);
  });
});

const chromium = process.env.CHROMIUM ?? '/usr/bin/chromium';
describeIf(
  existsSync(chromium),
  'no Chromium here (CHROMIUM names another place)',
  'the report as PDF',
  () => {
    it('is printed beside the page', async () => {
      const { files, noPdf } = await api['report.save']({ folder: join(folder, 'out') });
      expect(noPdf).toBeNull();
      expect(readFileSync(files[1]).subarray(0, 5).toString()).toBe('%PDF-');
      expect(readFileSync(files[1]).length).toBeGreaterThan(10_000);
    }, 60_000);
  },
);

describe('the choice of a defacing', () => {
  it('falls on what passes with the least brain loss, or on what a person chose, with a reason on record', async () => {
    const list = await api['choices.list']({ criterion: 'strict' });
    const passing = list.find(({ candidates }) => candidates.filter(({ passes }) => passes).length > 1);
    if (passing === undefined) throw new Error('the study has a scan with two defacings that pass');
    const sorted = passing.candidates.filter(({ passes }) => passes).sort((a, b) => (a.brainLossMl ?? 0) - (b.brainLossMl ?? 0)); // prettier-ignore
    expect(passing.used).toBe(sorted[0].defacingId);
    await api['choices.choose']({ scanId: passing.scanId, defacingId: sorted[1].defacingId, name: 'A. Berger', reason: 'sharper' }); // prettier-ignore
    const again = (await api['choices.list']({ criterion: 'strict' })).find(
      ({ scanId }) => scanId === passing.scanId,
    );
    expect(again?.used).toBe(sorted[1].defacingId);
    await api['choices.clear']({ scanId: passing.scanId });
    const success = await api['choices.success']({ criterion: 'strict' });
    expect(success.filter(({ group }) => group === 'all').map(({ labelled }) => labelled)).toEqual([
      12, 12, 12,
    ]);
  });
});
