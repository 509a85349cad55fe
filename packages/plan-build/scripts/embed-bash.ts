// Puts the bash runtime into a module, so that every bundle of this package carries it. `--check` only compares.
import { readFileSync, writeFileSync } from 'node:fs';

const parts = [
  'session',
  'output',
  'text',
  'ending',
  'environment',
  'packages',
  'source',
  'phases',
  'loading',
  'attach',
  'main',
] as const;
const read = (part: string): string => readFileSync(new URL(`../src/bash/${part}.sh`, import.meta.url), 'utf8');
/** Comments stay out: bash would read them at the start of every build. */
const bare = (text: string): string => text.replace(/^ *#.*\n/gm, '').replace(/\n{2,}/g, '\n');

const text = parts.map((part) => bare(read(part))).join('');
const literal = (text: string): string => text.replaceAll('\\', '\\\\').replaceAll('`', '\\`').replaceAll('${', '\\${');
const source = `// Made by scripts/embed-bash.ts out of src/bash/*.sh; do not edit.
/** The bash side of a build. */
export const BASH_RUNTIME: string = \`${literal(text)}\`;
/** What waits beside a build that replaces a package. */
export const BASH_GUARD: string = \`${literal(bare(read('guard')))}\`;
`;

const target = new URL('../src/generated/bash-runtime.ts', import.meta.url);
if (process.argv.includes('--check')) {
  if (readFileSync(target, 'utf8') !== source) {
    console.error('src/generated/bash-runtime.ts is not what src/bash says: run node scripts/embed-bash.ts');
    process.exitCode = 1;
  }
} else {
  writeFileSync(target, source);
}
