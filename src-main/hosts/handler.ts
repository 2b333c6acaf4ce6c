import { readFile } from 'node:fs/promises';
import { extname } from 'node:path';
import type { ApiAnswer } from '../../src-shared/api/answer.ts';
import { AppError } from '../../src-shared/api/appError.ts';
import { insideOf } from '../files/insideOf.ts';

/** What both hosts serve: the calls of the contract, events, bytes by name, and the pages of the interface. */
export interface Served {
  /** Answers one call; unknown names are answered with `unknown-call`, never thrown. */
  readonly dispatch: (name: string, input: unknown, session: string | null) => Promise<ApiAnswer>;
  /** Events as JSON values, as far as this person may know of them, until the signal ends them. */
  readonly events: (signal: AbortSignal, session: string | null) => AsyncIterable<unknown>;
  /** Bytes for the screens (views, volumes, surfaces) by their name below /bytes/, or null; throws where not allowed. */
  readonly bytes: (name: string, session: string | null, signal?: AbortSignal) => Promise<ServedBytes | null>;
  /** Folder of the built interface. */
  readonly pages: string;
}

export interface ServedBytes {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly type: string;
  /** Extra facts the reader needs, as JSON in a header (shape, affine). */
  readonly facts?: unknown;
}

export const maxBodyBytes = 4 * 2 ** 20;

const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data: blob:",
  "font-src 'self'",
  "connect-src 'self'",
  "worker-src 'self' blob:",
  "form-action 'none'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ');

const safety: Record<string, string> = {
  'Content-Security-Policy': policy,
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Permissions-Policy': 'camera=(), microphone=(), geolocation=(), usb=(), serial=()',
};

const types: Partial<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
  '.json': 'application/json',
};

/**
 * One handler for every host: POST /api/<call> with a JSON body, GET /events (JSON lines), GET /bytes/<name>, and the
 * pages. Who may ask is the host's matter; what a path may reach is decided here.
 */
export function createHandler(served: Served): (request: Request) => Promise<Response> {
  return async (request) => {
    const { pathname } = new URL(request.url);
    if (pathname.startsWith('/api/')) return answerCall(served, request, pathname.slice('/api/'.length));
    if (request.method !== 'GET') return refuse(405, 'method-not-allowed', 'Only calls are posted.');
    if (pathname === '/events') return streamEvents(served, request);
    if (pathname.startsWith('/bytes/')) return sendBytes(served, request, pathname.slice('/bytes/'.length));
    return sendPage(served.pages, pathname);
  };
}

async function answerCall(served: Served, request: Request, name: string): Promise<Response> {
  if (request.method !== 'POST') return refuse(405, 'method-not-allowed', 'Calls are posted.');
  if (!/^application\/json\b/.test(request.headers.get('Content-Type') ?? '')) {
    return refuse(415, 'not-json', 'A call is sent as JSON.');
  }
  const body = await readBody(request);
  if (body === null)
    return refuse(413, 'body-too-large', 'This request is larger than any call of the product.');
  let input: unknown;
  try {
    input = body === '' ? {} : JSON.parse(body);
  } catch {
    return refuse(400, 'malformed-json', 'This request is not readable JSON.');
  }
  const answer = await served.dispatch(name, input, sessionOf(request));
  return json(statusOf(answer), answer);
}

const statuses: Partial<Record<string, number>> = {
  'unknown-call': 404,
  'bad-input': 400,
  'not-allowed': 403,
  blinded: 403,
  'sign-in-needed': 401,
  'session-locked': 401,
};

/** The session of the person, as the page holds it; in the address only where a page cannot set a header (pictures). */
function sessionOf(request: Request): string | null {
  const given = request.headers.get('X-Session');
  return given ?? (request.method === 'GET' ? new URL(request.url).searchParams.get('session') : null);
}

function statusOf(answer: ApiAnswer): number {
  if (answer.ok) return 200;
  return statuses[answer.error.code] ?? 409;
}

async function readBody(request: Request): Promise<string | null> {
  if (Number(request.headers.get('Content-Length') ?? 0) > maxBodyBytes) return null;
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const part of request.body ?? []) {
    length += (part as Uint8Array).length;
    if (length > maxBodyBytes) return null;
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
}

function streamEvents(served: Served, request: Request): Response {
  const stop = new AbortController();
  request.signal.addEventListener('abort', () => stop.abort(), { once: true });
  const encoder = new TextEncoder();
  const lines = served.events(stop.signal, sessionOf(request))[Symbol.asyncIterator]();
  const body = new ReadableStream<Uint8Array>({
    start: (controller) => controller.enqueue(encoder.encode('\n')),
    pull: async (controller) => {
      const next = await lines.next().catch(() => ({ done: true as const, value: undefined }));
      if (next.done === true) controller.close();
      else controller.enqueue(encoder.encode(`${JSON.stringify(next.value)}\n`));
    },
    cancel: () => stop.abort(),
  });
  return new Response(body, {
    headers: { ...safety, 'Content-Type': 'application/x-ndjson', 'Cache-Control': 'no-store' },
  });
}

async function sendBytes(served: Served, request: Request, path: string): Promise<Response> {
  const name = decode(path);
  let found: ServedBytes | null;
  try {
    found = name === null ? null : await served.bytes(name, sessionOf(request), request.signal);
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return refuse(statuses[error.code] ?? 409, error.code, error.message);
  }
  if (found === null) return refuse(404, 'not-found', 'There is nothing of this name.');
  const facts =
    found.facts === undefined ? {} : { 'X-Facts': encodeURIComponent(JSON.stringify(found.facts)) };
  return new Response(found.bytes, {
    headers: { ...safety, ...facts, 'Content-Type': found.type, 'Cache-Control': 'no-store' },
  });
}

async function sendPage(pages: string, pathname: string): Promise<Response> {
  const name = decode(pathname.slice(1));
  const path = name === null ? null : await insideOf(pages, name === '' ? 'index.html' : name);
  const bytes = path === null ? null : await readFile(path).catch(() => null);
  if (path === null || bytes === null) return refuse(404, 'not-found', 'There is no such page.');
  return new Response(bytes, {
    headers: {
      ...safety,
      'Content-Type': types[extname(path)] ?? 'application/octet-stream',
      'Cache-Control': 'no-cache',
    },
  });
}

function decode(path: string): string | null {
  try {
    const name = decodeURIComponent(path);
    return name.includes('\0') ? null : name;
  } catch {
    return null;
  }
}

const json = (status: number, value: unknown): Response =>
  Response.json(value, { status, headers: { ...safety, 'Cache-Control': 'no-store' } });

export const refuse = (status: number, code: string, message: string): Response =>
  json(status, { ok: false, error: { code, message, facts: {} } });
