import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';

import { readRegularFile } from '../src/node/index.ts';
import { thrownBy } from '../src/testing/index.ts';

const root = mkdtempSync(join(tmpdir(), 'hab-core-'));
afterAll(() => rmSync(root, { recursive: true }));

const at = (name: string): string => join(root, name);

test('a file is read up to its limit, and not one byte more', () => {
  for (const size of [0, 1, 9, 10]) {
    writeFileSync(at('file'), 'x'.repeat(size));
    expect(new TextDecoder().decode(readRegularFile(at('file'), { maxBytes: 10 }))).toBe('x'.repeat(size));
  }
  writeFileSync(at('file'), 'x'.repeat(11));
  const error = thrownBy(() => readRegularFile(at('file'), { maxBytes: 10 }));
  expect(error).toMatchObject({ code: 'CORE_FILE_REFUSED', details: { path: at('file'), reason: 'size' } });
});

test('files that do not know their size are read as far as the limit', () => {
  expect(readRegularFile('/proc/self/status', { maxBytes: 100_000 }).length).toBeGreaterThan(100);
  const error = thrownBy(() => readRegularFile('/proc/self/status', { maxBytes: 100 }));
  expect(error).toMatchObject({ details: { reason: 'size' } });
});

test('pipes that nobody writes to, devices without an end and directories are refused at once', () => {
  spawnSync('mkfifo', [at('pipe')]);
  symlinkSync('/dev/zero', at('zero'));
  mkdirSync(at('folder'));
  for (const name of ['pipe', 'zero', 'folder']) {
    const error = thrownBy(() => readRegularFile(at(name), { maxBytes: 10 }));
    expect(error).toMatchObject({ code: 'CORE_FILE_REFUSED', details: { reason: 'kind' } });
  }
});

test('links are followed where that is wanted', () => {
  writeFileSync(at('target'), 'text');
  symlinkSync('target', at('link'));
  expect(readRegularFile(at('link'), { maxBytes: 10 }).length).toBe(4);
  const error = thrownBy(() => readRegularFile(at('link'), { maxBytes: 10, links: 'refuse' }));
  expect(error).toMatchObject({ code: 'ELOOP' });
});
