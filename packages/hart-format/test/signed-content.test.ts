import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { rejectionOf, thrownBy } from '@hab/core/testing';
import { expect, test } from 'vitest';

import { formatFilesList, parseCompressionLevel, parseFilesList, signContent, verifyContent } from '../src/index.ts';
import { createHartWorker, packHart, signHart, verifyHart } from '../src/node/index.ts';
import { keyPair, trusted, trusting } from './signed-artifacts.ts';

test('FILES is signed as an artifact is', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'hab-signed-'));
  try {
    const content = new TextEncoder().encode(formatFilesList([{ path: '/hab/a', hash: '0'.repeat(64) }]));
    const signed = signContent(content, trusted.secret);
    expect(verifyContent(signed, trusted.public)).toEqual(content);
    expect(parseFilesList(new TextDecoder().decode(verifyContent(signed, trusted.public)))).toHaveLength(1);
    await writeFile(join(folder, 'plain'), content);
    await signHart(join(folder, 'plain'), join(folder, 'signed'), { key: trusted.secret });
    expect(new Uint8Array(await readFile(join(folder, 'signed')))).toEqual(new Uint8Array(signed));
    expect((await verifyHart(join(folder, 'signed'), await trusting(trusted))).keyName).toBe(
      trusted.public.namedRevision,
    );
  } finally {
    await rm(folder, { recursive: true });
  }
});

test('content that was changed, cut or signed by another does not verify', () => {
  const signed = signContent(new TextEncoder().encode('content'), trusted.secret);
  expect(thrownBy(() => verifyContent(signed.subarray(0, -1), trusted.public))).toMatchObject({
    code: 'HART_HASH_MISMATCH',
  });
  const changed = new Uint8Array(signed);
  changed[changed.length - 1] = 0;
  expect(thrownBy(() => verifyContent(changed, trusted.public))).toMatchObject({ code: 'HART_HASH_MISMATCH' });
  expect(thrownBy(() => verifyContent(signed, keyPair(2).public))).toMatchObject({ code: 'KEYS_VERIFICATION_FAILED' });
});

test('signing to a place that cannot be leaves nothing', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'hab-signed-'));
  try {
    await writeFile(join(folder, 'plain'), 'x');
    const signing = signHart(join(folder, 'plain'), join(folder, 'none', 'signed'), { key: trusted.secret });
    expect(await rejectionOf(signing)).toMatchObject({ code: 'HART_IO_FAILED', details: { systemCode: 'ENOENT' } });
    const missing = signHart(join(folder, 'missing'), join(folder, 'signed'), { key: trusted.secret });
    expect(await rejectionOf(missing)).toMatchObject({
      code: 'HART_IO_FAILED',
      details: { path: join(folder, 'missing') },
    });
  } finally {
    await rm(folder, { recursive: true });
  }
});

test('a worker that is not there is an error with its address', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'hab-signed-'));
  try {
    const workerUrl = new URL('./no-such-worker.js', import.meta.url);
    await using worker = createHartWorker({ workerUrl });
    // That it cannot start is told to whoever has work for it, also when it was started before.
    worker.start();
    worker.start();
    const options = { directory: folder, prefix: '/hab/pkgs/a/b/c/d', key: trusted.secret, mtimeSec: 0, worker };
    for (let attempt = 0; attempt < 2; attempt++) {
      expect(await rejectionOf(packHart(join(folder, 'x.hart'), options))).toMatchObject({
        code: 'HART_WORKER_FAILED',
        details: { workerUrl: workerUrl.href },
      });
    }
  } finally {
    await rm(folder, { recursive: true });
  }
});

test('compression levels are one digit', () => {
  expect(['0', '6', '9'].map(parseCompressionLevel)).toEqual([0, 6, 9]);
  for (const text of ['', '10', '-1', 'six', '6 ']) {
    expect(thrownBy(() => parseCompressionLevel(text))).toMatchObject({ code: 'HART_OPTION_INVALID' });
  }
});
