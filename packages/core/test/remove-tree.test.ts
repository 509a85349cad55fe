import { chmod, mkdir, mkdtemp, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';

import { removeTree } from '../src/node/index.ts';

test('removes directories without write permission and no target of a link', async () => {
  const parent = await mkdtemp(join(tmpdir(), 'hab-core-'));
  await writeFile(join(parent, 'outside'), 'kept');
  const tree = join(parent, 'tree');
  await mkdir(join(tree, 'locked', 'inner'), { recursive: true });
  await writeFile(join(tree, 'locked', 'inner', 'file'), '');
  await symlink('../../outside', join(tree, 'locked', 'link'));
  await symlink(parent, join(tree, 'up'));
  await chmod(join(tree, 'locked', 'inner'), 0o500);
  await chmod(join(tree, 'locked'), 0o500);
  await removeTree(tree);
  expect(await readdir(parent)).toEqual(['outside']);
  expect(await readFile(join(parent, 'outside'), 'utf8')).toBe('kept');
});

test('a tree with much to remove beside what is locked', async () => {
  const parent = await mkdtemp(join(tmpdir(), 'hab-core-'));
  const tree = join(parent, 'tree');
  for (let i = 0; i < 40; i++) {
    const directory = join(tree, `${i}`, 'a', 'b');
    await mkdir(directory, { recursive: true });
    await writeFile(join(directory, 'file'), '');
    if (i % 10 === 0) await chmod(directory, 0o500);
  }
  await removeTree(tree);
  expect(await readdir(parent)).toEqual([]);
});

test('nothing there is a success', async () => {
  await expect(removeTree(join(tmpdir(), 'hab-core-never-there'))).resolves.toBeUndefined();
});
