import { mkdtempSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { seededRandom } from '@hab/core/testing';
import { expect, test } from 'vitest';

import { readCtlSecret } from '../src/ctl-secret.ts';
import { readMemberId } from '../src/member-id.ts';

const folder = (): string => mkdtempSync(join(tmpdir(), 'hab-sup-'));

test('a member has one identity, made once and made again only when its file is no identity', async () => {
  const path = join(folder(), 'MEMBER_ID');
  const first = await readMemberId(path, seededRandom(1));
  expect(first).toMatch(/^[0-9a-f]{12}4[0-9a-f]{3}[89ab][0-9a-f]{15}$/);
  expect(await readMemberId(path, seededRandom(2))).toBe(first);
  writeFileSync(path, '../../etc/passwd');
  const second = await readMemberId(path, seededRandom(2));
  expect(second).not.toBe(first);
  expect(readFileSync(path, 'utf8')).toBe(second);
});

test('the secret is given, kept or made, and nobody else reads it', async () => {
  const path = join(folder(), 'CTL_SECRET');
  expect(await readCtlSecret(path, 'from outside\n', seededRandom(1))).toBe('from outside');
  const made = await readCtlSecret(path, '', seededRandom(1));
  expect(Buffer.from(made, 'base64')).toHaveLength(64);
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(await readCtlSecret(path, undefined, seededRandom(2))).toBe(made);
});
