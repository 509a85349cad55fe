import { type ChildProcess, spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, test } from 'vitest';

import { readBootId, readStartTicks } from '../src/node/index.ts';

const programs = fileURLToPath(new URL('./programs/', import.meta.url));
const launchers: ChildProcess[] = [];

afterEach(async () => {
  for (const launcher of launchers.splice(0)) {
    if (launcher.exitCode === null && launcher.signalCode === null) {
      const gone = new Promise((resolve) => launcher.once('exit', resolve));
      launcher.kill('SIGTERM');
      await gone;
    }
  }
});

/** A folder with a service that tells its environment, then waits. */
function freshFolder(
  service = 'trap "echo caught; exit 0" TERM; echo "env $FROM_SPAWN $HAB_LAUNCHER_PID"; while :; do sleep 0.05; done',
): string {
  const directory = mkdtempSync(join(tmpdir(), 'hab-launch-'));
  writeFileSync(join(directory, 'service'), `#!/bin/sh\n${service}\n`);
  chmodSync(join(directory, 'service'), 0o755);
  return directory;
}

interface Running {
  readonly process: ChildProcess;
  readonly exit: Promise<number | null>;
  /** Everything it wrote so far. */
  output(): string;
  /** Waits for a line. */
  line(pattern: RegExp): Promise<RegExpExecArray>;
}

function launch(directory: string, env: Record<string, string> = {}): Running {
  const child = spawn(
    process.execPath,
    [join(programs, 'launch.ts'), directory, join(programs, 'supervisor.ts'), directory],
    {
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  launchers.push(child);
  let text = '';
  const waiting = new Set<() => void>();
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk;
    for (const look of waiting) look();
  });
  return {
    process: child,
    exit: new Promise((resolve) => child.once('exit', (code) => resolve(code))),
    output: () => text,
    line: (pattern) =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          const match = pattern.exec(text);
          if (match === null) return;
          waiting.delete(look);
          resolve(match);
        };
        waiting.add(look);
        child.once('exit', () => reject(new Error(`ended before ${pattern}:\n${text}`)));
        look();
      }),
  };
}
const pidIn = (match: RegExpExecArray): number => Number(match[1]);

test('starts a service, writes its lines, hides its own variables', async () => {
  const directory = freshFolder();
  const running = launch(directory);
  const pid = pidIn(await running.line(/sup: spawned (\d+)/));
  await running.line(/one\.default\(O\): env yes $/m);
  expect(readFileSync(`/proc/${pid}/stat`, 'utf8').split(' ')[3]).toBe(String(running.process.pid));
  const table = JSON.parse(readFileSync(join(directory, 'hab/launcher/processes.json'), 'utf8'));
  expect(table).toEqual({
    bootId: readBootId(),
    processes: [{ id: 'one.default', pid, startTicks: readStartTicks(pid) }],
  });
  expect(readFileSync(join(directory, 'hab/launcher/PID'), 'utf8')).toBe(String(running.process.pid));
});

test('TERM asks the Supervisor, ends the service and leaves no files', async () => {
  const directory = freshFolder();
  const running = launch(directory);
  await running.line(/\(O\): env/);
  running.process.kill('SIGTERM');
  expect(await running.exit).toBe(0);
  expect(running.output()).toMatch(/sup: shutdown[\s\S]*one\.default\(O\): caught/);
  expect(existsSync(join(directory, 'hab/launcher/PID'))).toBe(false);
  expect(existsSync(join(directory, 'hab/launcher/processes.json'))).toBe(false);
});

test('a service that ignores TERM is killed', async () => {
  const running = launch(freshFolder('trap "" TERM; echo ready; while :; do sleep 0.05; done'));
  await running.line(/\(O\): ready/);
  running.process.kill('SIGTERM');
  expect(await running.exit).toBe(0);
  expect(running.output()).toContain('Shutdown OK: Killed');
});

test('the death of a service is told at once', async () => {
  const running = launch(freshFolder());
  const pid = pidIn(await running.line(/sup: spawned (\d+)/));
  await running.line(/\(O\): env/);
  process.kill(pid, 'SIGKILL');
  await running.line(new RegExp(`sup: exited ${pid} null SIGKILL`));
  await running.line(new RegExp(`sup: exited[\\s\\S]*sup: spawned (?!${pid}\\b)\\d+`));
});

test('a killed Supervisor is replaced and takes the service over', async () => {
  const running = launch(freshFolder());
  const pid = pidIn(await running.line(/sup: spawned (\d+)/));
  await running.line(/version 4294967295/);
  const { execFileSync } = await import('node:child_process');
  const children = execFileSync('ps', ['--ppid', String(running.process.pid), '-o', 'pid=,args='], {
    encoding: 'utf8',
  });
  const supervisor = children.split('\n').find((line) => line.includes('supervisor.ts')) ?? '';
  process.kill(Number(supervisor.trim().split(/\s+/)[0]), 'SIGKILL');
  await running.line(new RegExp(`sup: adopted ${pid}`));
  expect(readStartTicks(pid)).toBeDefined();
});

test('after its own kill -9 the next Launcher clears what was left before it starts anything', async () => {
  const directory = freshFolder('trap "" TERM; echo ready; while :; do sleep 0.05; done');
  const first = launch(directory);
  const pid = pidIn(await first.line(/sup: spawned (\d+)/));
  await first.line(/\(O\): ready/);
  first.process.kill('SIGKILL');
  await first.exit;
  expect(readStartTicks(pid)).toBeDefined();
  const second = launch(directory);
  await second.line(/sup: spawned/);
  expect(second.output()).toMatch(new RegExp(`Clearing one\\.default \\(PID: ${pid}\\)[\\s\\S]*sup: spawned`));
  expect(readStartTicks(pid)).toBeUndefined();
});

test('a recycled pid is nobody to clear, a damaged list is no obstacle', async () => {
  const directory = freshFolder();
  const bystander = spawn('sleep', ['60']);
  mkdirSync(join(directory, 'hab/launcher'), { recursive: true });
  const records = [{ id: 'x.default', pid: bystander.pid, startTicks: 1 }];
  writeFileSync(
    join(directory, 'hab/launcher/processes.json'),
    JSON.stringify({ bootId: readBootId(), processes: records }),
  );
  const running = launch(directory);
  await running.line(/sup: spawned/);
  expect(running.output()).not.toContain('Clearing');
  expect(readStartTicks(bystander.pid ?? 0)).toBeDefined();
  bystander.kill('SIGKILL');
  const other = freshFolder();
  mkdirSync(join(other, 'hab/launcher'), { recursive: true });
  writeFileSync(join(other, 'hab/launcher/processes.json'), '{"bootId":');
  const damaged = launch(other);
  await damaged.line(/list of earlier processes is damaged/);
  await damaged.line(/sup: spawned/);
});

test('one Launcher for a root', async () => {
  const directory = freshFolder();
  const first = launch(directory);
  const pid = pidIn(await first.line(/sup: spawned (\d+)/));
  const second = launch(directory);
  expect(await second.exit).toBe(86);
  expect(second.output()).toContain('Is another Supervisor process running?');
  expect(readStartTicks(pid)).toBeDefined();
});

test('a Supervisor that refuses is not started again', async () => {
  const directory = freshFolder();
  writeFileSync(join(directory, 'refuse'), '');
  expect(await launch(directory).exit).toBe(86);
});

test('a Supervisor that never reports ends the Launcher, with the reason', async () => {
  const directory = freshFolder();
  writeFileSync(join(directory, 'mute'), '');
  const running = launch(directory, { CONNECT_TIMEOUT_MS: '300' });
  expect(await running.exit).toBe(1);
  expect(running.output()).toContain('Failed to setup launcher IPC connection with supervisor');
  expect(running.output()).toContain('Timeout exceeded waiting for IPC connection from supervisor');
});

test('a service opens its outputs by name, and an unfinished last line is one', async () => {
  const script = 'echo "to stdout" > /dev/stdout; echo "to stderr" > /dev/stderr; printf "no end"; kill -9 $$';
  const running = launch(freshFolder(script));
  const pid = pidIn(await running.line(/sup: spawned (\d+)/));
  await running.line(/one\.default\(O\): no end$/m);
  expect(running.output()).toMatch(/one\.default\(O\): to stdout$/m);
  await running.line(new RegExp(`sup: spawned (?!${pid}\\b)\\d+`));
});

test('a process that outlives its service does not hold the Launcher', async () => {
  const directory = freshFolder('setsid sleep 300 & echo "orphan $!"; exec sleep 300');
  const running = launch(directory);
  const orphan = pidIn(await running.line(/orphan (\d+)/));
  running.process.kill('SIGTERM');
  expect(await running.exit).toBe(0);
  process.kill(orphan, 'SIGKILL');
});
