import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';
import { AppError } from '../../src-shared/api/appError.ts';

const cost = { N: 2 ** 15, r: 8, p: 1, maxmem: 64 * 2 ** 20 };
const bytes = 32;

const derive = (
  secret: string,
  salt: Buffer,
  { N, r, p }: { N: number; r: number; p: number },
): Promise<Buffer> =>
  new Promise((resolve, reject) => {
    scrypt(secret.normalize('NFC'), salt, bytes, { N, r, p, maxmem: cost.maxmem }, (error, key) =>
      error === null ? resolve(key) : reject(error),
    );
  });

/** What is kept of a password or PIN: `scrypt$N$r$p$salt$key`, with a salt of its own (RFC 7914; about a tenth of a second). */
export async function hashSecret(secret: string): Promise<string> {
  const salt = randomBytes(16);
  const key = await derive(secret, salt, cost);
  return ['scrypt', cost.N, cost.r, cost.p, salt.toString('base64'), key.toString('base64')].join('$');
}

/** Whether `secret` is the one that `kept` was made of. */
export async function secretFits(secret: string, kept: string): Promise<boolean> {
  const [kind, N, r, p, salt, key] = kept.split('$');
  if (kind !== 'scrypt') return false;
  const expected = Buffer.from(key, 'base64');
  const given = await derive(secret, Buffer.from(salt, 'base64'), {
    N: Number(N),
    r: Number(r),
    p: Number(p),
  });
  return expected.length === given.length && timingSafeEqual(expected, given);
}

/** Throws `secret-weak` for what is neither a PIN of four digits nor a password of six characters, or one letter repeated. */
export function requireSecret(secret: string): void {
  const pin = /^\d{4,}$/.test(secret);
  if ((pin || secret.length >= 6) && new Set(secret).size > 1) return;
  throw new AppError(
    'secret-weak',
    'Choose a PIN of at least four digits or a password of at least six characters, not one sign repeated.',
  );
}
