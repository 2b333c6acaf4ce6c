import { AppError } from '../../src-shared/api/appError.ts';
import type { Admit } from '../../src-shared/api/dispatch.ts';
import type { Engine } from './engine.ts';

/**
 * What of a study may be fetched as bytes, and by whom. Names of scans and defacings are for those who are not blind. A
 * rater asks by the id of a pair on his own list (`item/<id>/…`), which says neither scan nor tool; pairs of a consensus
 * session are for the raters of the round and owners. Answers the name by which the pictures are made.
 */
export function createBytesName(
  { items, rounds }: Engine,
  admit: Admit,
): (name: string, session: string | null) => string | null {
  return (name, session) => {
    const [kind, itemId, ...what] = name.split('/');
    if (kind !== 'item') {
      admit('reader', session, 'bytes');
      return name;
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
  return part === 'removed' || part === 'depth' ? `${part}/${defacingId}` : null;
}
