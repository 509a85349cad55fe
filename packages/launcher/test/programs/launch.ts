// A Launcher in a process of its own: `launch.ts DIR PROGRAM ARGS...` runs PROGRAM as its Supervisor.
import { createLayout } from '@hab/core';
import { systemClock } from '@hab/core/node';

import { Launcher, readIdentityPowers } from '../../src/node/index.ts';

const [directory = '', ...supervisor] = process.argv.slice(2);
const { stdout, stderr, env } = process;
const launcher = new Launcher(
  {
    supervisor: [process.execPath, ...supervisor],
    layout: createLayout({ root: directory }).launcher,
    env,
    connectTimeoutMs: Number(env['CONNECT_TIMEOUT_MS'] ?? 5000),
    stopTimeoutMs: 500,
  },
  {
    clock: systemClock,
    powers: readIdentityPowers(),
    output: { stdout, stderr, style: { format: 'text', color: false } },
  },
);
for (const name of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(name, () => launcher.signal(name));
try {
  process.exitCode = await launcher.run();
} catch (error) {
  stdout.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 86;
}
