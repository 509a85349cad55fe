import { chmodSync, cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';

import { Root } from './harness.ts';

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'hab-folder-'));
  chmodSync(path, 0o777);
  return path;
}

const LIBRARY = `pkg_name=words
pkg_origin=example
pkg_version=1.0
do_build() { return 0; }
do_install() { echo hello > "$pkg_prefix/word"; }
`;
const PLAN = `pkg_name=speaker
pkg_origin=example
pkg_version=1.0
pkg_deps=(example/words)
pkg_bin_dirs=(bin)
do_build() { printf '#!/bin/sh\\ncat %s/word\\n' "$(pkg_path_for words)" > "$CACHE_PATH/speak"; }
do_install() { install -m 0755 "$CACHE_PATH/speak" "$pkg_prefix/bin/speak"; }
`;

async function build(root: Root, text: string): Promise<{ readonly plan: string; readonly artifact: string }> {
  const plan = folder();
  writeFileSync(join(plan, 'plan.sh'), text);
  const output = join(plan, 'results');
  await root.ok(['pkg', 'build', plan], { env: { HAB_OUTPUT_PATH: output }, cwd: plan });
  const [name = ''] = readdirSync(output).filter((file) => file.endsWith('.hart'));
  return { plan, artifact: join(output, name) };
}

test('an artifact that names the folder of its plan is built again there', async () => {
  await using root = new Root();
  await root.ok(['origin', 'key', 'generate', 'example']);
  const text = LIBRARY.replace('echo hello', 'echo "$SRC_PATH"');
  const { plan, artifact } = await build(root, text);
  const words = ['pkg', 'verify', artifact, '--rebuild', '--json', '--plan'];
  const same = await root.ok([...words, plan]);
  expect(JSON.parse(same.stdout)).toMatchObject({ rebuild: { result: 'identical', differences: [] } });
  const elsewhere = folder();
  writeFileSync(join(elsewhere, 'plan.sh'), text);
  const other = await root.hab([...words, elsewhere]);
  expect(other.code).toBe(1);
  expect(JSON.parse(other.stdout)).toMatchObject({ rebuild: { result: 'different' } });
});

test.each(['caller', 'ordinary'] as const)('an artifact is built again, byte for byte, by %s', async (user) => {
  await using root = new Root(user);
  await root.ok(['origin', 'key', 'generate', 'example']);
  await build(root, LIBRARY);
  const { plan, artifact } = await build(root, PLAN);
  // A newer release of what it needs must not slip in.
  await build(root, LIBRARY.replace('hello', 'bye'));
  const before = readFileSync(artifact);
  const same = await root.ok(['pkg', 'verify', artifact, '--rebuild', '--plan', plan, '--json']);
  expect(JSON.parse(same.stdout)).toMatchObject({ rebuild: { result: 'identical', differences: [] } });
  expect(readFileSync(artifact)).toEqual(before);
  expect((await root.ok(['pkg', 'exec', 'example/speaker', 'speak'])).stdout).toBe('hello\n');

  writeFileSync(join(plan, 'plan.sh'), PLAN.replace('%s/word', '%s/words'));
  const other = await root.hab(['pkg', 'verify', artifact, '--rebuild', '--plan', plan, '--json']);
  expect(other.code).toBe(1);
  const { rebuild } = JSON.parse(other.stdout);
  expect(rebuild.result).toBe('different');
  const script = rebuild.differences.find((one: { readonly path: string }) => one.path === 'bin/speak');
  expect(script).toMatchObject({ what: 'content', expected: expect.stringMatching(/^line 2: cat .*\/word$/) });
  const told = await root.hab(['pkg', 'verify', artifact, '--rebuild', '--plan', plan]);
  expect(told.stdout).toContain('  bin/speak: content\n    - line 2: cat ');
});

test('without the secret key the members are compared', async () => {
  await using root = new Root();
  await using other = new Root();
  await root.ok(['origin', 'key', 'generate', 'example']);
  const { plan, artifact } = await build(root, LIBRARY);
  const key = await root.ok(['origin', 'key', 'export', 'example']);
  await other.ok(['origin', 'key', 'import'], { input: key.stdout });
  const same = await other.ok(['pkg', 'verify', artifact, '--rebuild', '--plan', plan, '--json']);
  expect(JSON.parse(same.stdout)).toMatchObject({
    rebuild: { result: 'same-files', differences: [{ path: 'FILES', what: 'signature' }] },
  });
});

test('what a second build lacks is named, and options that go with it are not taken alone', async () => {
  await using root = new Root();
  await using other = new Root();
  await root.ok(['origin', 'key', 'generate', 'example']);
  const library = await build(root, LIBRARY);
  const { plan, artifact } = await build(root, PLAN);
  for (const half of ['public', 'secret']) {
    const key = await root.ok(['origin', 'key', 'export', 'example', '--type', half]);
    await other.ok(['origin', 'key', 'import'], { input: key.stdout });
  }
  const words = ['pkg', 'verify', artifact, '--rebuild', '--plan', plan];
  const lacking = await other.hab(words);
  expect(lacking).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/needed for the same build: example\/words/),
  });
  const shelf = folder();
  cpSync(library.artifact, join(shelf, library.artifact.split('/').at(-1) ?? ''));
  await other.ok([...words, '--artifacts', shelf]);
  expect(existsSync(other.path('pkgs'))).toBe(false);

  writeFileSync(join(library.plan, 'plan.sh'), LIBRARY.replace('=words', '=letters'));
  const wrong = await other.hab(['pkg', 'verify', artifact, '--rebuild', '--plan', library.plan, '--artifacts', shelf]);
  expect(wrong).toMatchObject({ code: 1, stderr: expect.stringMatching(/not example\/speaker\/1\.0/) });
  expect(await other.hab(['pkg', 'verify', artifact, '--plan', plan])).toMatchObject({ code: 2 });
});
