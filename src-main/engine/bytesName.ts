import type { Admit } from '../../src-shared/api/dispatch.ts';
import type { Engine } from './engine.ts';

/** What of a study may be fetched as bytes, and by whom. Names of scans and defacings are for those who are not blind. */
export function createBytesName(
  _engine: Engine,
  admit: Admit,
): (name: string, session: string | null) => string {
  return (name, session) => {
    admit('reader', session, 'bytes');
    return name;
  };
}
