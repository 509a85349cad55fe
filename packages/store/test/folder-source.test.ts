import { rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseIdent } from '@hab/ident';
import { expect, test } from 'vitest';

import { folderArtifactSource } from '../src/node/index.ts';
import { CONTRACT_IDENTS, describeArtifactSource } from '../src/testing/index.ts';
import { createSandbox } from './sandbox.ts';

describeArtifactSource('folder', async () => {
  const sandbox = await createSandbox();
  for (const ident of CONTRACT_IDENTS) await sandbox.pack({ ident });
  return { source: folderArtifactSource(sandbox.folder), close: async () => await sandbox[Symbol.asyncDispose]() };
});

test('files that are no artifacts, or others than their name says, are not there', async () => {
  await using sandbox = await createSandbox();
  await sandbox.pack({ ident: 'acme/zee/1/20200101000000' });
  await writeFile(join(sandbox.folder, 'acme-zee-9-20200101000000-x86_64-linux.hart'), 'nothing');
  const other = await sandbox.pack({ ident: 'acme/zee/2/20200101000000' });
  await rename(other, join(sandbox.folder, 'acme-zee-8-20200101000000-x86_64-linux.hart'));
  const source = folderArtifactSource(sandbox.folder);
  expect(await source.find(parseIdent('acme/zee'), 'x86_64-linux')).toMatchObject({ version: '1' });
  expect(
    await folderArtifactSource(join(sandbox.folder, 'none')).find(parseIdent('acme/zee'), 'x86_64-linux'),
  ).toBeUndefined();
});
