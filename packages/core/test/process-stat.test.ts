import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, test } from 'vitest';

import { listProcesses, readProcessStat } from '../src/node/index.ts';

test('a process has a parent, a group and a start, whatever its name', async () => {
  // The shell's child takes a name that looks like fields.
  const child = spawn('sh', ['-c', 'printf ") Z 1 2" > /proc/self/comm; echo ready; read line'], {
    detached: true,
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  await once(child.stdout, 'data');
  const pid = child.pid ?? 0;
  const stat = readProcessStat(pid);
  expect(stat).toMatchObject({ parent: process.pid, group: pid });
  expect(stat?.startTicks).toBeGreaterThanOrEqual(readProcessStat(process.pid)?.startTicks ?? Number.NaN);
  expect(listProcesses()).toContain(pid);
  child.kill('SIGKILL');
  await once(child, 'exit');
  expect(readProcessStat(pid)).toBeUndefined();
});

test('remains that nobody has looked at are no process', async () => {
  // The first shell becomes a program that never waits for the second, which ends only then: shells look at remains.
  const second = `while read -r name < /proc/$PPID/comm && [ "$name" != sleep ]; do :; done`;
  const child = spawn('sh', ['-c', 'sh -c "$1" & echo $!; exec sleep 60', 'sh', second], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = await once(child.stdout, 'data');
  const pid = Number(String(line));
  await expect.poll(() => readProcessStat(pid), { timeout: 60_000 }).toBeUndefined();
  expect(listProcesses()).toContain(pid);
  child.kill('SIGKILL');
  await once(child, 'exit');
});
