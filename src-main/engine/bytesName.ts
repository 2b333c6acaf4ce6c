import { AppError } from '../../src-shared/api/appError.ts';
import type { Admit } from '../../src-shared/api/dispatch.ts';
import { viewNames } from '../../src-shared/views/viewNames.ts';
import { practiceFolder } from './practiceHandlers.ts';
import type { Engine } from './engine.ts';

/**
 * What of a study may be fetched as bytes, and by whom. Names of scans and defacings are for those who are not blind. A
 * rater asks by the id of a pair on his own list (`item/<id>/…`), which says neither scan nor tool; pairs of a consensus
 * session are for the raters of the round and owners. Answers the name by which the pictures are made.
 */
export function createBytesName(
  { items, rounds, practices, accounts }: Engine,
  admit: Admit,
): (name: string, session: string | null) => string | null {
  return (name, session) => {
    const [kind, itemId, ...what] = name.split('/');
    if (kind === 'practice') {
      const { person } = admit('rater', session, 'bytes');
      const practice = practices.byId(itemId);
      const own = accounts.any() ? (person?.id ?? '') : null;
      if (practice?.accountId !== own)
        throw new AppError('practice-missing', 'There is no such practice round of yours.');
      return practiceName(practice.seed, what);
    }
    if (kind !== 'item') {
      admit('reader', session, 'bytes');
      // Files below the study folder have names only where the engine gives them.
      return kind === 'picture' ? null : name;
    }
    const { person } = admit('rater', session, 'bytes');
    const item = items.byId(itemId);
    const reaches =
      item !== null &&
      person !== null &&
      (item.accountId === null
        ? person.role === 'owner' ||
          rounds.raters(item.roundId).some(({ accountId }) => accountId === person.id)
        : item.accountId === person.id);
    if (!reaches) throw new AppError('item-missing', 'There is no such pair on your list.');
    const { scanId, defacingId } = item;
    return names(scanId, defacingId, what);
  };
}

/** `<n>/view/<side>/<view>` of a practice round, as a file below the study folder; null for anything else. */
function practiceName(seed: number, [n, part, side, view]: readonly string[]): string | null {
  const fits = /^([1-9]|10)$/.test(n) && part === 'view' && ['original', 'defaced'].includes(side);
  return fits && viewNames.some((known) => known === view)
    ? `picture/${practiceFolder(seed, Number(n))}/${side}/${view}.png`
    : null;
}

/** The name of a part of a pair among the bytes of the study; null for no such part. */
function names(scanId: string, defacingId: string, what: readonly string[]): string | null {
  const [part, side, view] = what;
  if (part === 'view' && what.length === 3) {
    if (side === 'original') return `view/scan/${scanId}/${view}`;
    return side === 'defaced' ? `view/defacing/${defacingId}/${view}` : null;
  }
  if (part === 'surface') {
    if (side === 'original') return `surface/scan/${scanId}`;
    return side === 'defaced' ? `surface/defacing/${defacingId}` : null;
  }
  if (part === 'volume' || part === 'brain') return `${part}/${scanId}`;
  return part === 'removed' ? `removed/${defacingId}` : null;
}
