import type { ApiAnswer } from '../../src-shared/api/answer.ts';
import { AppError } from '../../src-shared/api/appError.ts';
import { createClient } from '../../src-shared/api/client.ts';
import { hostContract } from '../../src-shared/api/hostContract.ts';
import { unattendedHeader } from './attended.ts';
import { currentSession, sessionHeader } from './session.ts';
import type { HostEvent } from '../../src-shared/api/hostContract.ts';

/** Carries calls as requests: to the loopback host, and by Electron's own scheme, alike. */
async function send(name: string, input: unknown): Promise<ApiAnswer> {
  try {
    const response = await fetch(`/api/${name}`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', ...sessionHeader(), ...unattendedHeader() },
      body: JSON.stringify(input),
    });
    return (await response.json()) as ApiAnswer; // the host may also go in the middle of its answer
  } catch (error) {
    throw new AppError(
      'host-gone',
      'The workstation no longer answers. Start it again; finished work is kept.',
      {},
      { cause: error },
    );
  }
}

export const api = createClient(hostContract, send);
export type Api = typeof api;

/** Events of the host, one after the other, until the signal; ends when the host does. */
export async function* events(signal: AbortSignal): AsyncGenerator<HostEvent> {
  const response = await fetch('/events', { signal, headers: sessionHeader() });
  if (!response.ok || response.body === null) return;
  const decoder = new TextDecoder();
  let rest = '';
  for await (const part of response.body) {
    rest += decoder.decode(part, { stream: true });
    const lines = rest.split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) if (line !== '') yield JSON.parse(line) as HostEvent;
  }
}

/** An address for a picture element, which cannot send a header: the session is in it, and it goes to this machine only. */
export const bytesUrl = (name: string): string => {
  const session = currentSession();
  return session === null ? `/bytes/${name}` : `/bytes/${name}?session=${encodeURIComponent(session)}`;
};

/** Bytes by name with the facts needed to read them; null where there is nothing of this name. */
// eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters -- the caller knows what it asked for
export async function bytes<Facts>(
  name: string,
  signal?: AbortSignal,
): Promise<{ buffer: ArrayBuffer; facts: Facts } | null> {
  const response = await fetch(bytesUrl(name), {
    headers: unattendedHeader(),
    ...(signal && { signal }),
  });
  if (response.status === 404) return null;
  if (!response.ok)
    throw new AppError('picture-failed', 'This picture could not be made. The log of the study says more.');
  const facts = JSON.parse(decodeURIComponent(response.headers.get('X-Facts') ?? '%7B%7D')) as Facts;
  return { buffer: await response.arrayBuffer(), facts };
}

/** A picture by the name of its bytes; null where there is none, and after a refusal, which a call will explain. */
export async function fetchPicture(name: string, signal: AbortSignal): Promise<Blob | null> {
  const response = await fetch(bytesUrl(name), { signal });
  return response.ok ? response.blob() : null;
}
