import { AppError } from '../../src-shared/api/appError.ts';
import type { HandlersOf } from '../../src-shared/api/call.ts';
import type { Caller } from '../../src-shared/api/caller.ts';
import type { labelCalls, LabelRow, VerdictRow } from '../../src-shared/api/labelCalls.ts';
import { canonicalJson } from '../../src-shared/domain/provenance.ts';
import { previewImport, readImport } from '../../src-shared/rating/importLabels.ts';
import { csv } from '../../src-shared/report/csv.ts';
import { longTable, wideTable, type RatingTable } from '../../src-shared/report/ratingTables.ts';
import { tsv } from '../../src-shared/report/tsv.ts';
import { sha256 } from '../files/hash.ts';
import { labelsOf } from '../store/labels.ts';
import type { Round } from '../store/rounds.ts';
import { lookOf } from '../store/verdicts.ts';
import type { Engine } from './engine.ts';
import { knownRound, requireNotFrozen } from './roundHandlers.ts';

/** Whether a caller who is not blind may see what was said in a round: while it is open, owners only. */
export const mayReadVerdicts = ({ state }: Round, { person }: Caller): boolean =>
  state === 'closed' || person === null || person.role === 'owner';

/** The round, for somebody who may read its verdicts; throws `round-missing`, `round-open`. */
export function readableRound(engine: Engine, roundId: string, caller: Caller): Round {
  const round = knownRound(engine, roundId);
  if (mayReadVerdicts(round, caller)) return round;
  throw new AppError(
    'round-open',
    'While this round is open only owners see its verdicts. Wait until it is closed.',
  );
}

/** Verdicts, final labels, and their exchange with other programs. */
export function labelHandlers(engine: Engine): HandlersOf<typeof labelCalls> {
  const { store, rounds, scans, derived, accounts, records, clock } = engine;

  function labelRows(roundId: string): LabelRow[] {
    const inRound = new Set(rounds.defacings(roundId).map(({ id }) => id));
    return labelsOf(store, ({ id }) => id === roundId).filter(({ defacingId }) => inRound.has(defacingId));
  }

  return {
    'verdicts.list': ({ roundId }, caller) => verdictRows(engine, readableRound(engine, roundId, caller)),
    'labels.list': ({ roundId }, caller) =>
      roundId === undefined
        ? labelsOf(store, (round) => mayReadVerdicts(round, caller))
        : labelRows(readableRound(engine, roundId, caller).id),
    'labels.freeze': ({ roundId, name }, caller) => {
      const round = knownRound(engine, roundId);
      requireNotFrozen(round);
      if (round.state === 'open')
        throw new AppError('round-open', 'Close the round first, then freeze its labels.');
      const labels = labelRows(roundId);
      const open = labels.filter(
        ({ strict, lenient }) => strict.state === 'open' || lenient.state === 'open',
      );
      if (open.length > 0) {
        throw new AppError(
          'labels-open',
          `${open.length} of ${labels.length} defacings have no final label yet. Settle them first: reopen the round, then rate, adjudicate or decide in the consensus session.`,
          { open: open.length, labels: labels.length },
        );
      }
      const at = clock.now();
      const hash = sha256(
        Buffer.from(
          canonicalJson(labels.map(({ defacingId, strict, lenient }) => ({ defacingId, strict, lenient }))),
        ),
      );
      store.durably(() => {
        rounds.setFrozen(roundId, { at, name: name.trim(), by: caller.person?.name ?? '' });
        records.append({
          kind: 'labels-frozen',
          accountId: caller.person?.id ?? null,
          at,
          body: { roundId, name: name.trim(), labels: labels.length, sha256: hash },
        });
      });
      return { at, labels: labels.length, sha256: hash };
    },
    'labels.reopen': ({ roundId, reason }, caller) => {
      const round = knownRound(engine, roundId);
      if (round.frozenAt !== null)
        store.durably(() => {
          rounds.setFrozen(roundId, null);
          records.append({
            kind: 'labels-reopened',
            accountId: caller.person?.id ?? null,
            at: clock.now(),
            body: { roundId, reason },
          });
        });
      return null;
    },
    'ratings.export': ({ roundId, shape, format }, caller) => {
      const round = readableRound(engine, roundId, caller);
      const rows = verdictRows(engine, round);
      const table =
        shape === 'long'
          ? longTable(rows)
          : wideTable(
              labelRows(roundId),
              rows,
              rounds.raters(roundId).map(({ name }) => name),
            );
      const stem = `${shape === 'long' ? 'verdicts' : 'labels'}_${round.id}`;
      const text = written(table, format);
      store.atOnce(() =>
        records.append({
          kind: 'ratings-exported',
          accountId: caller.person?.id ?? null,
          at: clock.now(),
          body: { roundId, shape, format, rows: table.rows.length, sha256: sha256(Buffer.from(text)) },
        }),
      );
      const dictionary = `${JSON.stringify(table.dictionary, null, 2)}\n`;
      return {
        files: [
          { name: `${stem}.${format}`, text },
          { name: format === 'json' ? `${stem}_dictionary.json` : `${stem}.json`, text: dictionary },
        ],
      };
    },
    'labels.previewImport': ({ text }) =>
      previewImport(text, [...new Set(derived.defacings().map(({ tool }) => tool))].sort()),
    'labels.import': ({ text, source, mapping }, caller) => {
      const { rows, leftOut } = readImport(text, mapping);
      const byName = new Map<string, string>();
      for (const { id, name, relativePath } of scans.list())
        for (const key of [id, name, relativePath, relativePath.split('/').at(-1) ?? '']) {
          // A file name that two scans have names neither.
          const other = byName.get(key);
          byName.set(key, other !== undefined && other !== id ? '' : id);
        }
      const put = store.db.prepare(
        `INSERT INTO imported_label (defacing_id, criterion, label, record_seq) VALUES (?, ?, ?, ?)
         ON CONFLICT (defacing_id, criterion) DO UPDATE SET label = excluded.label, record_seq = excluded.record_seq`,
      );
      const taken: { defacingId: string; labels: (typeof rows)[number]['labels'] }[] = [];
      const out = [...leftOut];
      for (const { line, scan, tool, labels } of rows) {
        const scanId = byName.get(scan) ?? byName.get(scan.split(/[\\/]/).at(-1) ?? '');
        const defacing = scanId ? derived.defacing(scanId, tool) : null;
        if (scanId === undefined) out.push({ line, reason: `no scan of this study is named ${scan}` });
        else if (scanId === '') out.push({ line, reason: `${scan} names more than one scan` });
        else if (defacing === null) out.push({ line, reason: `this scan has no defacing by ${tool}` });
        else taken.push({ defacingId: defacing.id, labels });
      }
      if (taken.length > 0)
        store.durably(() => {
          const seq = records.append({
            kind: 'labels-imported',
            accountId: caller.person?.id ?? null,
            at: clock.now(),
            body: { source, sha256: sha256(Buffer.from(text)), mapping, labels: taken, leftOut: out.length },
          });
          for (const { defacingId, labels } of taken)
            for (const [criterion, label] of Object.entries(labels))
              put.run(defacingId, criterion, label, seq);
        });
      return { taken: taken.length, leftOut: out.toSorted((a, b) => a.line - b.line) };
    },
    'records.list': ({ after, kinds }) => {
      const names = new Map(accounts.list().map(({ id, name }) => [id, name]));
      return records
        .after(after)
        .filter(({ kind }) => kinds === undefined || kinds.includes(kind))
        .map(({ seq, at, kind, accountId, body, hash }) => ({
          seq,
          at,
          kind,
          by: accountId === null ? null : (names.get(accountId) ?? null),
          body: JSON.parse(body) as unknown,
          hash,
        }));
    },
  };
}

/** Every entry of the verdict log of a round with the names that belong to its ids. */
export function verdictRows({ rounds, verdicts, scans }: Engine, { id: roundId }: Round): VerdictRow[] {
  const raters = new Map(rounds.raters(roundId).map((rater) => [rater.accountId, rater]));
  const defacings = new Map(rounds.defacings(roundId).map((defacing) => [defacing.id, defacing]));
  const scansById = new Map(scans.list().map((scan) => [scan.id, scan]));
  return verdicts.ofRound(roundId).map((row) => {
    const defacing = defacings.get(row.defacingId);
    const scan = scansById.get(defacing?.scanId ?? '');
    const rater = raters.get(row.accountId);
    return {
      ...lookOf(row),
      id: row.id,
      roundId,
      defacingId: row.defacingId,
      repeat: row.repeat,
      at: row.at,
      viewingMs: row.viewingMs,
      criterionVersion: row.criterionVersion,
      software: row.software,
      supersedes: row.supersedes,
      withdrawal: row.withdrawal,
      stands: row.stands,
      scan: scan?.name ?? '',
      person: scan?.person ?? '',
      tool: defacing?.tool ?? '',
      rater: rater?.name ?? '',
      part: rater?.place === 3 ? 'third' : 'primary',
      position: row.position + 1,
    };
  });
}

function written({ columns, rows }: RatingTable, format: 'csv' | 'tsv' | 'json'): string {
  if (format === 'csv') return csv(columns, rows);
  if (format === 'tsv') return tsv(columns, rows);
  const objects = rows.map((row) => Object.fromEntries(columns.map((name, n) => [name, row[n]])));
  return `${JSON.stringify(objects, null, 2)}\n`;
}
