import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { systemClock, systemRandom } from '@hab/core/node';
import { generateOriginKeyPair, memoryKeyCache } from '@hab/crypto-keys';
import { packHart } from '@hab/hart/node';
import { afterEach, expect, test } from 'vitest';

import { compareArtifacts } from '../src/compare-artifacts.ts';

const PREFIX = '/hab/pkgs/acme/one/1.0/20260101000000';
const work = mkdtempSync(join(tmpdir(), 'hab-compare-'));
const pair = generateOriginKeyPair({ name: 'acme', clock: systemClock, random: systemRandom });
let count = 0;

afterEach(() => rmSync(work, { recursive: true, force: true }));

async function artifact(
  files: Readonly<Record<string, string>>,
  change?: (directory: string) => void,
): Promise<string> {
  const directory = join(work, `tree-${count++}`);
  const metafiles = { IDENT: 'acme/one/1.0/20260101000000\n', TARGET: 'x86_64-linux\n', MANIFEST: '# one\n' };
  for (const [name, text] of Object.entries({ ...metafiles, ...files })) {
    mkdirSync(dirname(join(directory, name)), { recursive: true });
    writeFileSync(join(directory, name), text);
  }
  change?.(directory);
  const path = `${directory}.hart`;
  await packHart(path, { directory, prefix: PREFIX, key: pair.secret, mtimeSec: 0 });
  return path;
}

test('every way in which members differ has a name, and the first line that differs is told', async () => {
  const keys = memoryKeyCache();
  await keys.write(pair);
  const same = {
    'bin/same': 'x',
    text: 'one\ntwo\n',
    mode: 'm',
    'only-here': '',
    binary: '\0a',
    FILES: 'key A\n\nlist\n',
  };
  const left = await artifact(same, (directory) => symlinkSync('text', join(directory, 'link')));
  const { 'only-here': _, ...rest } = same;
  const right = await artifact(
    { ...rest, text: 'one\nthree\n', binary: '\0b', 'only-there': '', FILES: 'key B\n\nlist\n' },
    (directory) => {
      symlinkSync('mode', join(directory, 'link'));
      chmodSync(join(directory, 'mode'), 0o755);
    },
  );
  const scratch = mkdtempSync(join(work, 'scratch-'));
  const { signal } = new AbortController();
  const found = await compareArtifacts({ path: left, keys }, { path: right, keys }, { scratch, signal });
  expect(found).toEqual([
    { path: 'FILES', what: 'signature' },
    { path: 'binary', what: 'content', expected: expect.stringMatching(/^[0-9a-f]{64}$/), actual: expect.any(String) },
    { path: 'link', what: 'target', expected: 'text', actual: 'mode' },
    { path: 'mode', what: 'mode', expected: '0644', actual: '0755' },
    { path: 'only-here', what: 'missing' },
    { path: 'only-there', what: 'added' },
    { path: 'text', what: 'content', expected: 'line 2: two', actual: 'line 2: three' },
  ]);
});
