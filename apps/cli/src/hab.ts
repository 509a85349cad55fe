import { statSync } from 'node:fs';
import { enableCompileCache } from 'node:module';

import { guardOutputs } from './guard-outputs.ts';
import { VERSION } from './version.ts';

guardOutputs(process);
const { argv, env } = process;
const words = argv.slice(2);
if (words.length === 1 && (words[0] === '--version' || words[0] === '-V')) {
  process.stdout.write(`hab ${VERSION}\n`);
} else {
  // At home, not in the shared folder for temporary files, where somebody else could put code for us; nor in the home of
  // somebody else, as `sudo` may leave it to root.
  const home = env['HOME'];
  if (home && isOurs(home)) enableCompileCache(`${home}/.hab/cache/compile`);
  const { main } = await import('./main.ts');
  process.exitCode = await main(words, env);
}

function isOurs(folder: string): boolean {
  try {
    return statSync(folder).uid === process.geteuid?.();
  } catch {
    // What cannot be looked at is no place to keep something.
    return false;
  }
}
