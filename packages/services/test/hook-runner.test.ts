import { chmodSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '@hab/core/node';
import { rejectionOf } from '@hab/core/testing';
import { readStartTicks } from '@hab/launcher/node';
import { expect, test } from 'vitest';

import { type HookRun, MAX_KEPT_BYTES, runHook, type ServiceIdentity } from '../src/node/index.ts';

const me: ServiceIdentity = {
  user: 'me',
  group: 'me',
  uid: process.getuid?.() ?? 0,
  gid: process.getgid?.() ?? 0,
  switches: false,
};

function hook(script: string, more: Partial<HookRun> = {}): HookRun & { readonly lines: string[] } {
  const directory = mkdtempSync(join(tmpdir(), 'hab-hook-'));
  const path = join(directory, 'init');
  writeFileSync(path, script);
  chmodSync(path, 0o755);
  const lines: string[] = [];
  return {
    path,
    env: { PATH: process.env['PATH'] ?? '', ONLY: 'this' },
    identity: me,
    stdoutLog: join(directory, 'out.log'),
    stderrLog: join(directory, 'err.log'),
    timeoutMs: 10_000,
    onLine: (line) => lines.push(line),
    lines,
    ...more,
  };
}

test('both outputs, the status, the logs, and no other environment', async () => {
  const run = hook('#!/bin/sh\necho "out $ONLY $HOME"; echo err >&2; printf last; exit 3\n');
  const result = await runHook(run, systemClock);
  expect(result).toMatchObject({
    code: 3,
    signal: null,
    stdout: 'out this \nlast\n',
    stderr: 'err\n',
    timedOut: false,
  });
  expect(run.lines.sort()).toEqual(['err', 'last', 'out this ']);
  expect(readFileSync(run.stdoutLog, 'utf8')).toBe('out this \nlast\n');
  expect(readFileSync(run.stderrLog, 'utf8')).toBe('err\n');
});

test('a hook opens its outputs by name', async () => {
  const result = await runHook(hook('#!/bin/sh\necho a > /dev/stdout\necho b > /dev/stderr\n'), systemClock);
  expect(result).toMatchObject({ code: 0, stdout: 'a\n', stderr: 'b\n' });
});

test('a hook that fills standard error first does not hang', async () => {
  const result = await runHook(
    hook('#!/bin/sh\nhead -c 300000 /dev/zero | tr "\\0" "e" >&2; echo done\n'),
    systemClock,
  );
  expect(result.stdout).toBe('done\n');
  expect(result.stderr.length).toBe(MAX_KEPT_BYTES);
});

test('a hook that runs too long is ended, with everything it started', async () => {
  const run = hook('#!/bin/sh\nsleep 100 & echo $!; wait\n', { timeoutMs: 200 });
  const result = await runHook(run, systemClock);
  expect(result).toMatchObject({ code: null, signal: 'SIGTERM', timedOut: true });
  expect(readStartTicks(Number(result.stdout))).toBeUndefined();
});

test('what a hook that ran too long leaves behind is killed when it does not end', async () => {
  const script = '#!/bin/sh\nsh -c \'trap "" TERM; echo $$; while :; do sleep 0.05; done\' &\nwait\n';
  const run = hook(script, { timeoutMs: 300 });
  const result = await runHook(run, systemClock);
  expect(result).toMatchObject({ signal: 'SIGTERM', timedOut: true });
  expect(readStartTicks(Number(result.stdout))).toBeUndefined();
});

test('an abort ends it and is no time-out', async () => {
  const controller = new AbortController();
  const run = hook('#!/bin/sh\necho started; sleep 100\n', {
    signal: controller.signal,
    onLine: () => controller.abort(),
  });
  expect(await runHook(run, systemClock)).toMatchObject({ signal: 'SIGTERM', timedOut: false });
});

test('a child that keeps the pipe open does not keep the hook', async () => {
  const result = await runHook(hook('#!/bin/sh\nsleep 30 &\necho $!\n'), systemClock);
  expect(result.code).toBe(0);
  process.kill(Number(result.stdout), 'SIGKILL');
});

test('bytes that are no text are replaced', async () => {
  const result = await runHook(hook("#!/bin/sh\nprintf 'a\\377b\\n'\n"), systemClock);
  expect(result.stdout).toBe('a\ufffdb\n');
});

test('a hook that cannot be started is the system error', async () => {
  const run = hook('#!/no/such/interpreter\n');
  expect(await rejectionOf(runHook(run, systemClock))).toMatchObject({ code: 'ENOENT' });
  chmodSync(run.path, 0o644);
  expect(await rejectionOf(runHook(run, systemClock))).toMatchObject({ code: 'EACCES' });
});
