import { type ChildProcess, spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLayout } from '@hab/core';
import { systemClock, systemRandom } from '@hab/core/node';
import { expect, test } from 'vitest';

import { type ChangeReaction, DEFAULT_RESTART_POLICY, HOOK_TIMEOUT_MS, type ServiceHook } from '../src/index.ts';
import { type ServiceFacts, type ServiceIdentity, ServiceRunner } from '../src/node/index.ts';

const me: ServiceIdentity = {
  user: 'me',
  group: 'me',
  uid: process.getuid?.() ?? 0,
  gid: process.getgid?.() ?? 0,
  switches: false,
};
const RUN = 'trap "echo term >> $TRACE; exit 0" TERM; echo run >> $TRACE; while :; do sleep 0.02; done';

/** A service of real scripts in a fresh folder; its processes are our own children. */
function service(hooks: Partial<Record<ServiceHook, string>>) {
  const layout = createLayout({ root: mkdtempSync(join(tmpdir(), 'hab-runner-')) }).service('one');
  mkdirSync(layout.hooks, { recursive: true });
  mkdirSync(layout.logs);
  const trace = join(layout.directory, 'trace');
  writeFileSync(trace, '');
  const scripts = { run: RUN, ...hooks };
  for (const [hook, script] of Object.entries(scripts)) {
    writeFileSync(layout.hook(hook), `#!/bin/sh\n${script}\n`);
    chmodSync(layout.hook(hook), 0o755);
  }
  const facts: ServiceFacts = {
    group: 'one.default',
    layout,
    identity: me,
    env: { TRACE: trace },
    shutdownSignal: 'SIGTERM',
    shutdownTimeoutMs: 300,
    healthCheckIntervalSec: 30,
    policy: DEFAULT_RESTART_POLICY,
    hookTimeoutsMs: HOOK_TIMEOUT_MS,
  };
  const said: string[] = [];
  const waiting = new Set<() => void>();
  const children: ChildProcess[] = [];
  let pending: ChangeReaction | undefined;
  let failure: Error | undefined;
  const runner: ServiceRunner = new ServiceRunner(facts, {
    clock: systemClock,
    random: systemRandom,
    renderer: {
      async render() {
        if (failure !== undefined) throw failure;
        const reaction = pending;
        pending = undefined;
        return { reaction, settle: async () => undefined };
      },
      has: (hook) => hook in scripts,
    },
    inheritedEnv: { PATH: process.env['PATH'] ?? '' },
    async spawn() {
      const child = spawn(layout.hook('run'), {
        detached: true,
        stdio: 'ignore',
        env: { PATH: process.env['PATH'], TRACE: trace },
      });
      children.push(child);
      child.once('exit', (code, signal) => runner.exited(child.pid ?? 0, { code, signal }));
      if (child.pid === undefined) throw await new Promise((resolve) => child.once('error', resolve));
      return child.pid;
    },
    say: (_, __, text) => said.push(text),
    onChange: () => {
      for (const look of waiting) look();
    },
  });
  const until = (condition: () => boolean): Promise<void> =>
    new Promise((resolve) => {
      const look = (): void => {
        if (!condition()) return;
        waiting.delete(look);
        resolve();
      };
      waiting.add(look);
      look();
    });
  return {
    runner,
    layout,
    said,
    children,
    until,
    up: () => until(() => runner.state.phase.type === 'up'),
    trace: () =>
      readFileSync(trace, 'utf8')
        .trim()
        .split('\n')
        .filter((line) => line !== ''),
    change: async (reaction: ChangeReaction) => {
      pending = reaction;
      await runner.inputsChanged();
    },
    fail: (error: Error | undefined) => {
      failure = error;
    },
    /** Waits until a script has written a line. */
    traced: async (line: string, times = 1): Promise<void> => {
      const { watch } = await import('node:fs');
      await new Promise<void>((resolve) => {
        const look = (): void => {
          if (
            readFileSync(trace, 'utf8')
              .split('\n')
              .filter((text) => text === line).length < times
          )
            return;
          watcher.close();
          resolve();
        };
        const watcher = watch(trace, look);
        look();
      });
    },
  };
}
const traced = (word: string): string => `echo ${word} >> $TRACE`;

test('init, run, post-run; on stop: signal, post-stop, no PID file', async () => {
  const one = service({ init: traced('init'), 'post-run': traced('post-run'), 'post-stop': traced('post-stop') });
  one.runner.begin();
  await one.up();
  await one.traced('post-run');
  await one.traced('run');
  expect(Number(readFileSync(one.layout.pid, 'utf8'))).toBe(one.children[0]?.pid);
  await one.runner.stop();
  expect(one.trace().filter((line) => line !== 'post-run')).toEqual(['init', 'run', 'term', 'post-stop']);
  expect(existsSync(one.layout.pid)).toBe(false);
});

test('a killed process is back at once, after post-stop and init', async () => {
  const one = service({ init: traced('init'), 'post-stop': traced('post-stop') });
  one.runner.begin();
  await one.up();
  await one.traced('run');
  one.children[0]?.kill('SIGKILL');
  await one.traced('run', 2);
  expect(one.trace()).toEqual(['init', 'run', 'post-stop', 'init', 'run']);
  expect(one.runner.state).toMatchObject({ restartCount: 1, lastProcess: { reason: 'run_hook_failed' } });
  await one.runner.stop();
});

test('a process that ignores the signal is killed after its time', async () => {
  const one = service({ run: 'trap "" TERM; echo run >> $TRACE; while :; do sleep 0.02; done' });
  one.runner.begin();
  await one.up();
  await one.traced('run');
  await one.runner.stop(50);
  expect(one.said.some((line) => line.startsWith('Service killed'))).toBe(true);
});

test('a change with a reconfigure hook runs it; the process stays', async () => {
  const one = service({ reconfigure: traced('reconfigure') });
  one.runner.begin();
  await one.up();
  await one.traced('run');
  await one.change({ type: 'reconfigure' });
  await one.traced('reconfigure');
  expect(one.children).toHaveLength(1);
  await one.runner.stop();
});

test('a change that needs a restart gives a new process', async () => {
  const one = service({});
  one.runner.begin();
  await one.up();
  await one.traced('run');
  await one.change({ type: 'restart', reason: 'app_config_updated' });
  await one.traced('run', 2);
  expect(one.trace()).toEqual(['run', 'term', 'run']);
  expect(one.runner.state.restartCount).toBe(0);
  await one.runner.stop();
});

test('a template that fails keeps the service down, with the reason, until it is mended', async () => {
  const one = service({});
  one.fail(new Error('line 3: what is this'));
  one.runner.begin();
  await one.until(() => one.runner.problem !== undefined && one.runner.state.phase.type === 'waiting');
  expect(one.children).toHaveLength(0);
  expect(one.said.join()).toContain('Unable to start one.default: line 3: what is this');
  one.fail(undefined);
  await one.runner.inputsChanged();
  await one.up();
  one.fail(new Error('broken again'));
  await one.runner.inputsChanged();
  expect(one.runner.state.phase.type).toBe('up');
  expect(one.said.join()).toContain('The configuration in force stays: broken again');
  await one.runner.stop();
});

test('health: the hook speaks, and its words are kept', async () => {
  const one = service({ 'health-check': 'echo fine; echo hm >&2; exit 1' });
  one.runner.begin();
  await one.until(() => one.runner.health.health === 'Warning');
  expect(one.runner.health).toEqual({ health: 'Warning', stdout: 'fine\n', stderr: 'hm\n' });
  await one.runner.stop();
});

test('a stop during a long init ends it, and still runs post-stop', async () => {
  const one = service({ init: 'echo init >> $TRACE; sleep 100', 'post-stop': traced('post-stop') });
  one.runner.begin();
  await one.traced('init');
  await one.runner.stop();
  expect(one.trace()).toEqual(['init', 'post-stop']);
  expect(one.children).toHaveLength(0);
});

test('a program that cannot be started fails like one that ends', async () => {
  const one = service({ 'post-stop': traced('post-stop') });
  chmodSync(one.layout.hook('run'), 0o644);
  one.runner.begin();
  await one.traced('post-stop');
  chmodSync(one.layout.hook('run'), 0o755);
  await one.traced('run');
  await one.runner.stop();
});
