import { randomBytes, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ReadableStream } from 'node:stream/web';
import { refuse } from '../handler.ts';

export interface WebHost {
  /** Address with a token that opens one session; it works once. */
  readonly firstUrl: string;
  /** Another such address, for instance after the idle lock. */
  readonly newUrl: () => string;
  readonly port: number;
  readonly close: () => Promise<void>;
}

export interface WebHostOptions {
  readonly handler: (request: Request) => Promise<Response>;
  /** 0 takes any free port. */
  readonly port?: number;
  /** After this long without a request that somebody caused its session ends, and with it what the page is told. */
  readonly idleMs?: number;
  readonly now?: () => number;
  /** Called when the idle lock fell, so that a new address can be shown. */
  readonly onLocked?: () => void;
}

const cookieName = 'defaceqa_session';

/**
 * The workstation for a browser on this machine (or through an SSH tunnel to it). Bound to 127.0.0.1. The first address
 * carries a random token, exchanged once for an HttpOnly SameSite=Strict cookie. Every request must name this host and
 * come from this origin, so that a page elsewhere can neither send calls nor rebind its name to this machine.
 */
export async function startWebHost(options: WebHostOptions): Promise<WebHost> {
  const { handler, idleMs = 30 * 60_000, now = Date.now, onLocked } = options;
  const tokens = new Set<string>();
  /** When somebody last did something, by session; -Infinity where it is locked. */
  const sessions = new Map<string, number>();
  const streams = new Map<string, Set<ServerResponse>>();

  const server = createServer({ maxHeaderSize: 16 * 1024 }, (request, response) => {
    void answer(request, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  const hosts = [`127.0.0.1:${port}`, `localhost:${port}`];

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const host = request.headers.host ?? '';
    if (!hosts.includes(host))
      return send(response, refuse(421, 'other-host', 'This address is not served here.'));
    const origin = request.headers.origin;
    const site = request.headers['sec-fetch-site'];
    const foreign =
      (origin !== undefined && origin !== `http://${host}`) ||
      (site !== undefined && site !== 'same-origin' && site !== 'none');
    const url = new URL(request.url ?? '/', `http://${host}`);
    const token = url.searchParams.get('token');
    if (token !== null && request.method === 'GET' && url.pathname === '/') return open(response, token);
    if (foreign) return send(response, refuse(403, 'other-origin', 'Only the workstation itself may ask.'));
    const attended = url.pathname !== '/events' && request.headers['x-unattended'] === undefined;
    const known = sessionOf(request.headers.cookie ?? '');
    if (known === null || !stillOpen(known, attended)) {
      return send(
        response,
        known !== null
          ? refuse(
              401,
              'locked',
              'The workstation was idle and locked itself. Open the new address it printed.',
            )
          : refuse(401, 'no-session', 'Open the workstation with the address it printed when it started.'),
      );
    }
    if (url.pathname === '/events') keepStream(known, response);
    return send(response, await handler(toRequest(request, response, url)));
  }

  function open(response: ServerResponse, token: string): Promise<void> {
    const known = [...tokens].find((candidate) => equal(candidate, token));
    if (known === undefined) {
      return send(
        response,
        refuse(403, 'used-token', 'This address was used before. Start the workstation again.'),
      );
    }
    tokens.delete(known);
    const session = randomBytes(32).toString('base64url');
    sessions.set(session, now());
    const headers = {
      Location: '/',
      'Set-Cookie': `${cookieName}=${session}; Path=/; HttpOnly; SameSite=Strict`,
      'Cache-Control': 'no-store',
      'Referrer-Policy': 'no-referrer',
    };
    return send(response, new Response(null, { status: 303, headers }));
  }

  function sessionOf(cookies: string): string | null {
    const value = new RegExp(`(?:^|;\\s*)${cookieName}=([\\w-]+)`).exec(cookies)?.[1];
    return [...sessions.keys()].find((candidate) => value !== undefined && equal(candidate, value)) ?? null;
  }

  /** Whether a session has not been idle for too long; if not, it is locked here and now. */
  function stillOpen(session: string, attended: boolean): boolean {
    const last = sessions.get(session) ?? -Infinity;
    if (now() - last <= idleMs) {
      if (attended) sessions.set(session, now());
      return true;
    }
    if (Number.isFinite(last)) {
      sessions.set(session, -Infinity);
      onLocked?.();
      // The page is told nothing more; it asks why, and takes what it shows off the screen.
      for (const response of streams.get(session) ?? []) response.destroy();
    }
    return false;
  }

  function keepStream(session: string, response: ServerResponse): void {
    const own = streams.get(session) ?? new Set();
    streams.set(session, own.add(response));
    response.once('close', () => own.delete(response));
  }

  function newUrl(): string {
    const token = randomBytes(32).toString('base64url');
    tokens.add(token);
    return `http://127.0.0.1:${port}/?token=${token}`;
  }

  const watch = setInterval(
    () => {
      for (const session of sessions.keys()) stillOpen(session, false);
    },
    Math.min(idleMs / 4, 15_000),
  );
  watch.unref();

  return {
    firstUrl: newUrl(),
    newUrl,
    port,
    close: () => {
      clearInterval(watch);
      return closeServer(server);
    },
  };
}

function toRequest(request: IncomingMessage, response: ServerResponse, url: URL): Request {
  const stop = new AbortController();
  response.once('close', () => stop.abort());
  const headers = new Headers();
  for (const [name, value] of Object.entries(request.headers)) {
    if (typeof value === 'string') headers.set(name, value);
  }
  const method = request.method ?? 'GET';
  const body = method === 'GET' || method === 'HEAD' ? null : (Readable.toWeb(request) as BodyInit);
  return new Request(url, {
    method,
    headers,
    body,
    signal: stop.signal,
    ...(body && { duplex: 'half' }),
  });
}

async function send(response: ServerResponse, answer: Response): Promise<void> {
  response.writeHead(answer.status, Object.fromEntries(answer.headers));
  if (answer.body === null) {
    response.end();
    return;
  }
  await pipeline(Readable.fromWeb(answer.body as ReadableStream), response);
}

function equal(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}

function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
