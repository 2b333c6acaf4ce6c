import { AppError } from '../../src-shared/api/appError.ts';
import type { HandlersOf } from '../../src-shared/api/call.ts';
import type { exportCalls } from '../../src-shared/api/exportCalls.ts';
import type { Engine } from './engine.ts';
import { planExport } from './planExport.ts';
import { writeExport } from './writeExport.ts';

/** The share gate's calls. */
export function exportHandlersOf(engine: Engine): HandlersOf<typeof exportCalls> {
  const { release, derived, jobs } = engine;
  return {
    'exports.preview': async (options) => (await planExport(engine, options)).preview,
    'exports.start': ({ folder, options }, caller) => ({
      jobId: jobs.start('export', { options }, async (job) => {
        await writeExport(engine, { folder, options, by: caller.person?.id ?? null }, job);
      }),
    }),
    'exports.list': () => release.exports(),
    'exports.accept': ({ defacingIds, criterion, name, reason, triageRunId = null }, caller) => {
      const rows = defacingIds.map((defacingId) => {
        const defacing = derived.defacingById(defacingId);
        const image = derived.outputs(`defacing ${defacingId}`).find(({ path }) => path === defacing?.path);
        if (defacing === null || image === undefined) {
          throw new AppError('defacing-missing', 'There is no such defacing in this study.', { defacingId });
        }
        return {
          defacingId,
          criterion,
          imageSha256: image.sha256,
          name,
          reason,
          triageRunId,
          at: engine.clock.now(),
        };
      });
      release.atOnce(() => {
        for (const row of rows) release.accept(row);
        engine.records.append({
          kind: 'export-accepted',
          accountId: caller.person?.id ?? null,
          at: engine.clock.now(),
          body: { criterion, name, reason, triageRunId, defacings: rows.map(({ defacingId, imageSha256 }) => ({ defacingId, imageSha256 })) }, // prettier-ignore
        });
      });
      return { accepted: rows.length };
    },
  };
}
