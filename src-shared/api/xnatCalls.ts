import { call } from './call.ts';
import { array, boolean, maxLength, minLength, pipe, strictObject, string } from './checks.ts';
import type { FoundSeriesTable } from './dicomCalls.ts';

const text = pipe(string(), minLength(1), maxLength(2048));

/** Scans on an XNAT server. Off until a person allows it for this study; then one connection, to the one host typed in. */
export const xnatCalls = {
  'xnat.state': call(strictObject({}), { who: 'owner' }).returns<XnatState>(),
  'xnat.allow': call(strictObject({ allowed: boolean() }), { who: 'owner' }).returns<null>(),
  /** The password is used once for the server's session and kept nowhere. */
  'xnat.login': call(strictObject({ url: text, user: text, password: text }), {
    who: 'owner',
  }).returns<null>(),
  'xnat.logout': call(strictObject({}), { who: 'owner' }).returns<null>(),
  'xnat.projects': call(strictObject({}), { who: 'owner' }).returns<
    readonly { readonly id: string; readonly name: string }[]
  >(),
  'xnat.look': call(strictObject({ project: text }), { who: 'owner' }).returns<{ jobId: number }>(),
  'xnat.found': call(strictObject({}), { who: 'owner' }).returns<FoundSeriesTable | null>(),
  'xnat.fetch': call(strictObject({ seriesKeys: pipe(array(text), minLength(1)) }), {
    who: 'owner',
  }).returns<{
    jobId: number;
  }>(),
};

export interface XnatState {
  readonly allowed: boolean;
  /** Address used last in this study; null for none. */
  readonly url: string | null;
  /** Who is signed in; null for nobody. */
  readonly user: string | null;
}
