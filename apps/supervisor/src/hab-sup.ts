import { isHabError } from '@hab/core';
import { systemClock, systemRandom } from '@hab/core/node';
import { EXIT_DONE, EXIT_FAILED } from '@hab/launcher';
import { readIdentityPowers } from '@hab/launcher/node';
import { CommanderError } from 'commander';

import { parseOptions } from './options.ts';
import { chooseStyle, createSay } from './output.ts';
import { Supervisor } from './supervisor.ts';
import { VERSION } from './version.ts';

const { stdout, stderr } = process;
const [word, ...words] = process.argv.slice(2);
const underLauncher = Boolean(process.env['HAB_LAUNCHER_PIPE']);

/** What hooks inherit: everything but the channel's own variables. */
const env = Object.fromEntries(
  Object.entries(process.env).filter((entry): entry is [string, string] => {
    return entry[1] !== undefined && !entry[0].startsWith('HAB_LAUNCHER_');
  }),
);

async function run(): Promise<number> {
  const options = parseOptions(words, env, { out: (text) => stdout.write(text), err: (text) => stderr.write(text) });
  const say = createSay((text) => stdout.write(text), chooseStyle(words, env, stdout.isTTY === true));
  if (!underLauncher) {
    say('hab-sup', 'MN', 'hab-sup is started by its Launcher: use `hab sup run`, or `hab-launch run`');
    return EXIT_FAILED;
  }
  const supervisor = new Supervisor(options, {
    env,
    clock: systemClock,
    random: systemRandom,
    say,
    effectiveUid: process.geteuid?.() ?? 0,
    switchUser: readIdentityPowers().switchUser,
    launcherPid: Number(process.env['HAB_LAUNCHER_PID']),
  });
  process.on('SIGHUP', () => supervisor.restart());
  // A terminal sends INT to the whole group: the Launcher decides what it means for us.
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.on(name, () => undefined);
  try {
    return await supervisor.run();
  } catch (error) {
    if (!(error instanceof Error) || !(isHabError(error) || 'code' in error)) throw error;
    say('hab-sup', 'MR', error.message);
    if (isHabError(error) && error.hint !== undefined) say('hab-sup', 'MR', error.hint);
    return EXIT_FAILED;
  }
}

async function main(): Promise<number> {
  if (word === '--version' || word === '-V') {
    stdout.write(`hab-sup ${VERSION}\n`);
    return underLauncher ? EXIT_DONE : 0;
  }
  if (word !== 'run') {
    stderr.write('hab-sup run [PACKAGE] [OPTIONS]: the Supervisor. Start it with `hab sup run`.\n');
    return underLauncher ? EXIT_FAILED : 2;
  }
  try {
    return await run();
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    // Commander has written help or the reason already.
    if (error.code === 'commander.helpDisplayed') return underLauncher ? EXIT_DONE : 0;
    return underLauncher ? EXIT_FAILED : 2;
  }
}

process.exitCode = await main();
