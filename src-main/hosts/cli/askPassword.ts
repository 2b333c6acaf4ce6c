import { createInterface } from 'node:readline';
import { Writable, type Readable } from 'node:stream';
import { AppError } from '../../../src-shared/api/appError.ts';

export const passwordVariable = 'DEFACEQA_XNAT_PASSWORD';

/**
 * A password from the environment, else typed without being shown. Never from arguments, which other users of a machine
 * can read. Throws `password-missing` where nobody can type, `cancelled` for Ctrl-C.
 */
export async function askPassword(
  question: string,
  {
    env,
    input,
    output,
    variable = passwordVariable,
  }: {
    env: Record<string, string | undefined>;
    input: Readable & { readonly isTTY?: boolean };
    output: NodeJS.WritableStream;
    /** The environment variable it may be in. */
    variable?: string;
  },
): Promise<string> {
  const given = env[variable];
  if (given !== undefined && given !== '') {
    // What is started later must not inherit it.
    env[variable] = undefined;
    Reflect.deleteProperty(env, variable);
    return given;
  }
  if (input.isTTY !== true) {
    throw new AppError(
      'password-missing',
      `Nobody can type a password here. Put it into the environment variable ${variable}.`,
    );
  }
  output.write(question);
  const silent = new Writable({
    write: (_chunk, _encoding, done) => {
      done();
    },
  });
  const reader = createInterface({ input, output: silent, terminal: true, historySize: 0 });
  try {
    return await new Promise<string>((resolve, reject) => {
      reader.once('line', resolve);
      const stopped = (): void => {
        reject(new AppError('cancelled', 'Stopped before a password was given.'));
      };
      reader.once('SIGINT', stopped);
      reader.once('close', stopped);
    });
  } finally {
    reader.close();
    output.write('\n');
  }
}
