import { AppError } from '../api/appError.ts';
import type { ScanIdentity } from './scan.ts';

/** What a BIDS App takes of a data set: people, sessions, and filters of entities by contrast as other BIDS Apps write them. */
export interface BidsSelection {
  /** Without `sub-`; null for everyone. */
  readonly participants: readonly string[] | null;
  /** Without `ses-`; null for all. */
  readonly sessions: readonly string[] | null;
  /** Of each group of files (`t1w`, `flair`, ...): values an entity may have. Empty for no filter. */
  readonly filters: Readonly<Record<string, Readonly<Record<string, readonly string[] | null>>>>;
}

const entityKeys: Readonly<Record<string, string>> = {
  acquisition: 'acq',
  reconstruction: 'rec',
  run: 'run',
  ceagent: 'ce',
  echo: 'echo',
  part: 'part',
  inversion: 'inv',
};
const silentKeys = ['datatype', 'extension'];

/**
 * Reads a filter file: `{"t1w": {"session": "01", "acquisition": ["mprage"], "run": null}}`, null for "has none". Throws
 * `bids-filter` for anything else, naming the key.
 */
export function parseBidsFilter(text: string): BidsSelection['filters'] {
  const refuse = (what: string): never => {
    throw new AppError('bids-filter', `The filter file can not be used: ${what}.`);
  };
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    return refuse('it is not JSON');
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed))
    return refuse('it is not an object');
  return Object.fromEntries(
    Object.entries(parsed as Record<string, unknown>).map(([group, query]) => {
      if (typeof query !== 'object' || query === null) return refuse(`${group} is not an object`);
      return [
        group,
        Object.fromEntries(
          Object.entries(query as Record<string, unknown>).map(([key, value]) => {
            if (!['session', 'suffix', ...silentKeys].includes(key) && !Object.hasOwn(entityKeys, key))
              return refuse(`it does not know the entity ${key}`);
            return [key, value === null ? null : [value].flat().map(String)];
          }),
        ),
      ];
    }),
  );
}

/** Whether a file belongs to the selection. With filters, a file must fit one of their groups. */
export function selected(
  identity: ScanIdentity,
  { participants, sessions, filters }: BidsSelection,
): boolean {
  const { person, session, modality, entities } = identity;
  if (participants !== null && !participants.includes(person)) return false;
  if (sessions !== null && !sessions.includes(session ?? '')) return false;
  const groups = Object.entries(filters);
  if (groups.length === 0) return true;
  return groups.some(([group, query]) => {
    const suffixes = query.suffix ?? [group];
    if (!suffixes.some((suffix) => suffix.toLowerCase() === modality.toLowerCase())) return false;
    return Object.entries(query).every(([key, values]) => {
      if (key === 'suffix' || silentKeys.includes(key)) return true;
      const own = key === 'session' ? session : (entities[entityKeys[key]] ?? null);
      if (values === null) return own === null;
      return own !== null && values.includes(own);
    });
  });
}
