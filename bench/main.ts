// `npm run bench -- [NAME...]` and `npm run soak -- [NAME... [ARGUMENT...]]`: runs the files of this folder, one after the other.
// What stands after the names (a path, as a rule) is for the files themselves.
import { globSync } from 'node:fs';
import { join } from 'node:path';

/** What a measurement writes to. */
export interface BenchIo {
  print(line: string): void;
}

const folder = import.meta.dirname;
const [kind = 'bench', ...words] = process.argv.slice(2);
const files = globSync(kind === 'soak' ? 'soak-*.ts' : '*.bench.ts', { cwd: folder }).sort();
const nameOf = (file: string): string => file.replace(/^soak-|\.bench\.ts$|\.ts$/g, '');
const firstArgument = words.findIndex((word) => word.includes('/') || word.startsWith('-'));
const wanted = firstArgument < 0 ? words : words.slice(0, firstArgument);
const rest = firstArgument < 0 ? [] : words.slice(firstArgument);
const chosen = wanted.length === 0 ? files : files.filter((file) => wanted.includes(nameOf(file)));

if (chosen.length === 0 || chosen.length < wanted.length) {
  console.error(`${kind} knows: ${files.map(nameOf).join(', ') || 'nothing'}`);
  process.exitCode = 2;
}
for (const file of chosen) {
  console.log(`\n## ${nameOf(file)}`);
  // Every file here has a default export of that shape.
  const { default: run } = (await import(join(folder, file))) as {
    default: (io: BenchIo, ...args: readonly string[]) => Promise<void>;
  };
  await run({ print: (line) => console.log(line) }, ...rest);
}
