import { enableCompileCache } from 'node:module';

import { VERSION } from './version.ts';

enableCompileCache();

const { argv, env } = process;
const words = argv.slice(2);
if (words.length === 1 && (words[0] === '--version' || words[0] === '-V')) {
  process.stdout.write(`hab ${VERSION}\n`);
} else {
  const { main } = await import('./main.ts');
  process.exitCode = await main(words, env);
}
