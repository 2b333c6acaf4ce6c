import { AppError } from '../../src-shared/api/appError.ts';

export interface XnatLogin {
  /** Base address as typed, e.g. https://xnat.example.org/xnat. */
  readonly url: string;
  readonly user: string;
  readonly password: string;
}

/**
 * A signed-in connection to one XNAT server: the only place of the product that opens one, and only to the host that
 * was typed in. The password is used once for the session cookie and kept nowhere.
 * Source: XNAT REST API, /data/JSESSION.
 */
export class XnatConnection {
  readonly #base: URL;
  readonly #cookie: string;

  private constructor(base: URL, cookie: string) {
    this.#base = base;
    this.#cookie = cookie;
  }

  static async open({ url, user, password }: XnatLogin, signal?: AbortSignal): Promise<XnatConnection> {
    const base = baseOf(url);
    const answer = await send(new URL('data/JSESSION', base), {
      method: 'POST',
      headers: { Authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}` },
      signal: signal ?? null,
    });
    if (answer.status === 401 || answer.status === 403) {
      throw new AppError('xnat-wrong-password', 'The XNAT server does not accept this name and password.');
    }
    const session = (await answer.text()).trim();
    if (!answer.ok || !/^[\w.-]+$/.test(session)) {
      throw new AppError('xnat-not-xnat', 'This address does not answer like an XNAT server. Check it.', {
        status: answer.status,
      });
    }
    return new XnatConnection(base, `JSESSIONID=${session}`);
  }

  /** Asks for a path below the base address. Throws `xnat-session-expired`, `xnat-refused` or `xnat-unreachable`. */
  async get(
    path: string,
    { signal, headers = {} }: { signal?: AbortSignal; headers?: Record<string, string> } = {},
  ): Promise<Response> {
    const address = new URL(path.replace(/^\/+/, ''), this.#base);
    if (address.origin !== this.#base.origin) {
      throw new AppError(
        'xnat-other-host',
        'The XNAT server pointed to another host; nothing was sent there.',
      );
    }
    const answer = await send(address, {
      headers: { ...headers, Cookie: this.#cookie },
      signal: signal ?? null,
    });
    if (answer.status === 401 || (answer.status >= 300 && answer.status < 400)) {
      await answer.body?.cancel();
      throw new AppError(
        'xnat-session-expired',
        'The XNAT session has ended. Sign in again; what is downloaded stays.',
      );
    }
    if (!answer.ok) {
      await answer.body?.cancel();
      throw new AppError(
        'xnat-refused',
        `The XNAT server refused (status ${answer.status}). Check your rights there.`,
        {
          status: answer.status,
        },
      );
    }
    return answer;
  }

  /**
   * The rows of a listing, asked for in pages. A server that ignores paging gives all of them in the first answer,
   * which is seen by its length or by a page that brings nothing new.
   */
  async *rows(
    path: string,
    query: Record<string, string>,
    { signal, pageSize = 500 }: { signal?: AbortSignal; pageSize?: number } = {},
  ): AsyncGenerator<Record<string, string>> {
    let last = '';
    for (let offset = 0; ; offset += pageSize) {
      const search = new URLSearchParams({
        ...query,
        format: 'json',
        limit: String(pageSize),
        offset: String(offset),
      });
      const answer = await this.get(`${path}?${search.toString()}`, signal === undefined ? {} : { signal });
      const rows = rowsOf(await answer.json().catch(() => null));
      const first = JSON.stringify(rows[0] ?? null);
      if (first === last) return;
      last = first;
      yield* rows;
      if (rows.length !== pageSize) return;
    }
  }

  /** Ends the session on the server. A server that is gone by then is no error. */
  async close(): Promise<void> {
    await send(new URL('data/JSESSION', this.#base), {
      method: 'DELETE',
      headers: { Cookie: this.#cookie },
      signal: AbortSignal.timeout(10_000),
    })
      .then((answer) => answer.body?.cancel())
      .catch(() => undefined);
  }
}

function rowsOf(listing: unknown): Record<string, string>[] {
  const rows = (listing as { ResultSet?: { Result?: unknown } } | null)?.ResultSet?.Result;
  if (!Array.isArray(rows)) {
    throw new AppError(
      'xnat-not-xnat',
      'The XNAT server sent a listing that can not be read. Try again later.',
    );
  }
  return rows as Record<string, string>[];
}

function baseOf(url: string): URL {
  let base: URL;
  try {
    base = new URL(url.endsWith('/') ? url : `${url}/`);
  } catch {
    throw new AppError('xnat-address', 'This is not an address. Write it as https://xnat.example.org.');
  }
  const loopback = ['127.0.0.1', 'localhost', '[::1]'].includes(base.hostname);
  if (base.protocol !== 'https:' && !(base.protocol === 'http:' && loopback)) {
    throw new AppError(
      'xnat-needs-https',
      'Only https addresses are used, so that password and images are not readable on the way.',
    );
  }
  return base;
}

async function send(address: URL, init: RequestInit): Promise<Response> {
  try {
    return await fetch(address, { ...init, redirect: 'manual' });
  } catch (error) {
    init.signal?.throwIfAborted();
    throw new AppError(
      'xnat-unreachable',
      'The XNAT server can not be reached. Check the address and the network.',
      {},
      { cause: error },
    );
  }
}
