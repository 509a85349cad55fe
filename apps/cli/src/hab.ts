import { enableCompileCache } from 'node:module';

import { VERSION } from './version.ts';

const { argv, env } = process;
const words = argv.slice(2);
if (words.length === 1 && (words[0] === '--version' || words[0] === '-V')) {
  process.stdout.write(`hab ${VERSION}\n`);
} else {
  // At home, not in the shared folder for temporary files, where somebody else could put code for us.
  if (env['HOME']) enableCompileCache(`${env['HOME']}/.hab/cache/compile`);
  const { main } = await import('./main.ts');
  process.exitCode = await main(words, env);
}
