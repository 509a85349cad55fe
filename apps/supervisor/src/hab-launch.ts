import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { createLayout, isHabError } from '@hab/core';
import { systemClock } from '@hab/core/node';
import { Launcher, readIdentityPowers } from '@hab/launcher/node';

import { chooseStyle, createSay } from './output.ts';
import { VERSION } from './version.ts';

const { env, stdout, stderr } = process;
const words = process.argv.slice(2);

if (words[0] === '--version' || words[0] === '-V') {
  stdout.write(`hab-launch ${VERSION}\n`);
} else if (words[0] !== 'run') {
  stderr.write('hab-launch runs the Supervisor and owns its services: hab-launch run [PACKAGE] [OPTIONS]\n');
  process.exitCode = 2;
} else {
  const style = chooseStyle(words, env, stdout.isTTY === true);
  const own = join(dirname(fileURLToPath(import.meta.url)), 'hab-sup.js');
  const program = env['HAB_SUP_BINARY'] || own;
  const seconds = Number(env['HAB_LAUNCH_SUP_CONNECT_TIMEOUT_SECS'] || 5);
  const launcher = new Launcher(
    {
      supervisor: program.endsWith('.js') ? [process.execPath, program, ...words] : [program, ...words],
      layout: createLayout({ root: env['FS_ROOT'] || undefined }).launcher,
      env,
      connectTimeoutMs: (Number.isFinite(seconds) ? seconds : 5) * 1000,
    },
    { clock: systemClock, powers: readIdentityPowers(), output: { stdout, stderr, style } },
  );
  for (const name of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(name, () => launcher.signal(name));
  for (const name of ['SIGQUIT', 'SIGALRM', 'SIGUSR1', 'SIGUSR2'] as const) process.on(name, () => undefined);
  try {
    process.exitCode = await launcher.run();
  } catch (error) {
    if (!isHabError(error) && !(error instanceof Error && 'code' in error)) throw error;
    const say = createSay((text) => stdout.write(text), style);
    say('hab-launch', 'SV', error instanceof Error ? error.message : String(error));
    if (isHabError(error) && error.hint !== undefined) say('hab-launch', 'SV', error.hint);
    process.exitCode = 86;
  }
}
