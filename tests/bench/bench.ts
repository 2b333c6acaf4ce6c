import { readdirSync } from 'node:fs';
import { join } from 'node:path';

type Bench = (print?: (line: string) => void) => boolean | Promise<boolean>;

// Every `<name>Bench.ts` here exports a function of its name; names on the command line choose some of them.
const wanted = process.argv.slice(2);
const names = readdirSync(import.meta.dirname)
  .filter((name) => name.endsWith('Bench.ts'))
  .map((name) => name.slice(0, -'.ts'.length))
  .filter((name) => wanted.length === 0 || wanted.some((part) => name.startsWith(part)));
let reached = true;
for (const name of names) {
  console.log(`\n== ${name}`);
  const module = (await import(join(import.meta.dirname, `${name}.ts`))) as Record<string, Bench | undefined>;
  const bench = module[name];
  if (bench === undefined) throw new Error(`${name}.ts exports no ${name}`);
  reached = (await bench()) && reached;
}
console.log(reached ? '\nEvery goal was reached.' : '\nNot every goal was reached.');
process.exitCode = reached ? 0 : 1;
