import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createEngine, systemClock, type OpenEngine } from '../../src-main/engine/engine.ts';
import { builtInTools } from '../../src-main/tools/tools.ts';
import { openPool } from '../../src-main/workers/pool.ts';
import { contract } from '../../src-shared/api/contract.ts';

const folder = mkdtempSync(join(tmpdir(), 'defaceqa-calls-'));
const workers = openPool({ size: 1 });
let engine: OpenEngine;
beforeAll(async () => {
  const options = { studyFolder: folder, tools: builtInTools, workers, clock: systemClock, software: 'test' };
  engine = await createEngine(options);
});
afterAll(async () => {
  await engine.close();
  await workers.close();
  rmSync(folder, { recursive: true, force: true });
});

describe('every call of the contract', () => {
  const strange = [
    null,
    7,
    'text',
    [],
    { unknownKey: 1 },
    { jobId: -1 },
    { jobId: '1' },
    { input: '', tools: 'x' },
  ];
  it.each(Object.keys(contract))(
    '%s refuses what does not fit with bad-input, and never throws',
    async (name) => {
      for (const input of strange) {
        const answer = await engine.dispatch(name, input);
        expect(answer).toMatchObject({ ok: false, error: { code: 'bad-input' } });
      }
    },
  );

  it.each(Object.keys(contract))(
    '%s answers with a value or a sentence when its input fits',
    async (name) => {
      const inputs: Record<string, unknown> = {
        'scans.prepared': { scanId: 'none' },
        'settings.saveMachine': { settings: { fslFolder: '/nowhere' } },
        'settings.saveStudy': { settings: {} },
        'imports.start': { input: join(folder, 'nowhere') },
        'runs.start': { input: join(folder, 'nowhere'), tools: [] },
        'jobs.steps': { jobId: 1 },
        'jobs.cancel': { jobId: 999 },
        'jobs.wait': { jobId: 999 },
        'session.signIn': { accountId: 'none', secret: 'x' },
        'session.unlock': { secret: 'x' },
        'session.changeSecret': { old: 'x', new: 'y' },
        // A first account that is refused, so that the study stays without.
        'people.add': { name: 'A', role: 'rater', secret: 'x' },
        'people.change': { accountId: 'none' },
        'people.setLock': { idleMinutes: 10 },
        'choices.choose': { scanId: 'none', defacingId: 'none', name: 'A', reason: 'because' },
        'choices.clear': { scanId: 'none' },
        'choices.fallback': { steps: [{ tool: 'none' }] },
        'report.save': { folder: join(folder, 'report') },
        'parts.merge': { input: join(folder, 'nowhere'), parts: join(folder, 'nowhere') },
        'triage.addModel': { path: join(folder, 'none.json') },
        'triage.packModel': { modelId: 'none' },
        'triage.statement': { modelId: 'none' },
        'triage.start': { modelId: 'none' },
        'triage.items': { runId: 1 },
        'triage.findModels': { folder: join(folder, 'nowhere') },
        'triage.drawAudit': { runId: 1, count: 5 },
        'triage.matchGiven': { originals: null, defaced: join(folder, 'nowhere') },
        'triage.takeBack': { defacingId: 'none' },
        'triage.next': { modelId: 'none' },
        'triage.drift': { runId: 1 },
        'triage.audit': { runId: 1 },
        'triage.review': { defacingId: 'none', verdict: 1, brainCut: false, name: 'A' },
        'triage.takeGiven': { originals: join(folder, 'nowhere'), defaced: join(folder, 'nowhere') },
        'exports.preview': { criterion: 'lenient' },
        'exports.start': { folder: join(folder, 'share'), options: { criterion: 'lenient' } },
        'exports.accept': { defacingIds: ['none'], criterion: 'strict', name: 'A', reason: 'because' },
        'jobs.news': { jobId: 999, after: 0 },
        'jobs.pause': { jobId: 999 },
        'jobs.resume': { jobId: 999 },
        'runs.stopCell': { scanId: 'none', tool: 'none' },
        'defacings.of': { scanIds: ['none'] },
        'logs.cell': { scanId: 'none', tool: 'none' },
        'imports.look': { input: join(folder, 'nowhere') },
        'imports.found': { files: 0, suspected: 0 },
        'imports.take': { changes: [] },
        'dicom.look': { folder: join(folder, 'nowhere') },
        'dicom.convert': { seriesKeys: ['none'] },
        'xnat.allow': { allowed: false },
        'xnat.login': { url: 'https://127.0.0.1:9', user: 'nobody', password: 'none' },
        'xnat.look': { project: 'none' },
        'xnat.fetch': { seriesKeys: ['none'] },
        'lab.whatGoesIn': { criterion: 'strict', features: ['ssim'], method: true, outerFolds: 5, seed: 1 },
        'evaluations.start': {
          ...{
            criteria: ['strict'],
            features: ['ssim'],
            method: true,
            selection: false,
            models: ['logistic'],
          },
          ...{
            outerFolds: 5,
            innerFolds: 4,
            repeats: 1,
            seed: 1,
            withoutMethod: true,
            leaveOneToolOut: true,
          },
        },
        'evaluations.resume': { evaluationId: 'none' },
        'evaluations.folds': { evaluationId: 'none', criterion: 'strict' },
        'evaluations.result': { evaluationId: 'none', criterion: 'strict' },
        'evaluations.items': {
          ...{ evaluationId: 'none', criterion: 'strict', model: 'logistic', variant: 'all' },
        },
        'evaluations.export': { evaluationId: 'none' },
        'evaluations.remove': { evaluationId: 'none' },
        'models.keep': {
          ...{ evaluationId: 'none', criterion: 'strict', model: 'logistic', variant: 'all', name: 'First' },
        },
        'models.use': { modelId: 'none', use: true },
        'models.card': { modelId: 'none' },
        'models.scores': { modelId: 'none' },
        'models.explain': { modelId: 'none', defacingId: 'none' },
        'models.compare': { first: 'none', second: 'none' },
        'criteria.add': { strict: 'Everything gone.', lenient: 'A trace is left.', guide: 'Look closely.' },
        'rounds.open': { name: 'First', primary: ['a', 'b'], third: null },
        'rounds.add': { roundId: 'none' },
        'rounds.close': { roundId: 'none' },
        'rounds.reopen': { roundId: 'none', reason: 'more scans' },
        'rounds.unblind': { roundId: 'none', accountId: 'none', reason: 'a test' },
        'ratings.next': { roundId: 'none' },
        'ratings.item': { itemId: 'none' },
        'ratings.mine': { roundId: 'none' },
        'ratings.commit': {
          id: 'a name of sixteen signs',
          itemId: 'none',
          look: { verdict: 1, exclusion: null, remains: [], brainCut: false, note: '', confidence: null },
          viewingMs: 3000,
          render: {},
        },
        'ratings.undo': { id: 'a name of sixteen signs', roundId: 'none' },
        'ratings.later': { itemId: 'none' },
        'ratings.keepPlace': { itemId: 'none', look: null },
        'consensus.list': { roundId: 'none' },
        'consensus.decide': {
          id: 'a name of sixteen signs',
          itemId: 'none',
          verdict: 1,
          exclusion: null,
          remains: [],
          brainCut: false,
          sentence: 'All of it is gone.',
        },
        'verdicts.list': { roundId: 'none' },
        'labels.freeze': { roundId: 'none', name: 'Final' },
        'labels.reopen': { roundId: 'none', reason: 'an error' },
        'ratings.export': { roundId: 'none', shape: 'long', format: 'csv' },
        'labels.previewImport': { text: 'scan,tool,strict\na,b,1\n' },
        'labels.import': {
          text: 'scan,tool,strict\na,b,1\n',
          source: 'a test',
          mapping: { scan: 'scan', tool: 'tool', strict: 'strict' },
        },
        'agreement.report': { roundId: 'none' },
        'agreement.pairs': {
          roundId: 'none',
          tool: null,
          criterion: 'strict',
          raters: ['a', 'b'],
          cell: [0, 1],
        },
        'practice.answer': {
          practiceId: 'none',
          n: 1,
          look: { verdict: 1, exclusion: null, remains: [], brainCut: false, note: '', confidence: null },
          viewingMs: 1,
        },
        'agreement.success': { roundId: 'none' },
        'agreement.ages': { roundId: 'none' },
      };
      const answer = await engine.dispatch(name, inputs[name] ?? {});
      if (!answer.ok) {
        expect(answer.error.code).not.toMatch(/bad-input|unexpected|unknown-call/);
        expect(answer.error.message).toMatch(/\.$/);
      }
      // Whatever goes out has to survive the way as JSON.
      expect(JSON.parse(JSON.stringify(answer))).toEqual(answer);
    },
  );

  it.each(['no.such.call', '__proto__', 'constructor', 'toString', ''])('%j is no call', async (name) => {
    expect(await engine.dispatch(name, {})).toMatchObject({ ok: false, error: { code: 'unknown-call' } });
  });
});
