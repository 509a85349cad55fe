import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterEach, expect, test, vi } from 'vitest';

import { createOutputPipes } from '../src/node/index.ts';

afterEach(() => vi.unstubAllEnvs());

const start = (script: string, out: number, err: number): void => {
  spawn('sh', ['-c', script], { stdio: ['ignore', out, err] });
};

test('a program opens its outputs again by name', async () => {
  const { out, err } = await createOutputPipes('out', 'err');
  start('echo one; echo two > /dev/stdout; echo three > /dev/stderr; echo four >&2', out.writeFd, err.writeFd);
  out.closeWrite();
  err.closeWrite();
  expect(await Promise.all([text(out.readable), text(err.readable)])).toEqual(['one\ntwo\n', 'three\nfour\n']);
});

test('an end kept open keeps the pipe through several programs', async () => {
  const { out } = await createOutputPipes('out');
  const end = text(out.readable);
  for (const word of ['first', 'second']) {
    await new Promise((resolve) =>
      spawn('sh', ['-c', `echo ${word}`], { stdio: ['ignore', out.writeFd, 'inherit'] }).once('exit', resolve),
    );
  }
  out.closeWrite();
  out.closeWrite();
  expect(await end).toBe('first\nsecond\n');
});

test('more than a pipe holds passes through, and nothing stays on disk', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'hab-core-'));
  vi.stubEnv('TMPDIR', directory);
  const { out } = await createOutputPipes('out');
  expect(readdirSync(directory)).toEqual([]);
  start('head -c 1000000 /dev/zero', out.writeFd, 2);
  out.closeWrite();
  expect((await text(out.readable)).length).toBe(1_000_000);
});
