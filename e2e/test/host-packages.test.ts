import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';

import { Root } from './harness.ts';

interface Wrapped {
  readonly state: string;
  readonly ident: string;
  readonly artifact?: string;
  readonly lacks: readonly string[];
}

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'hab-folder-'));
  chmodSync(path, 0o777);
  return path;
}

const wrap = async (root: Root, ...words: readonly string[]): Promise<readonly Wrapped[]> =>
  JSON.parse((await root.ok(['pkg', 'wrap-host', '--json', ...words])).stdout);

const PLAN = `pkg_name=crc
pkg_origin=example
pkg_version=1.0
pkg_deps=(core/glibc core/zlib)
pkg_build_deps=(core/gcc core/make core/pkg-config)
pkg_bin_dirs=(bin)
do_build() {
  printf '%s\\n' '#include <stdio.h>' '#include <zlib.h>' \\
    'int main(void) { printf("%lx", crc32(0, (const Bytef *)"zlib", 4)); return 0; }' > crc.c
  test "$(pkg-config --variable=prefix zlib)" = "$(pkg_path_for zlib)"
  printf 'crc: crc.c\\n\\tgcc $(CFLAGS) -o $@ $< $(LDFLAGS) -lz\\n' > Makefile
  make crc
}
do_install() { install -m 0755 crc "$pkg_prefix/bin/"; }
`;

test('an ordinary user without a depot builds with the tools of the machine', async () => {
  await using root = new Root('ordinary');
  const names = ['gcc', 'make', 'glibc', 'zlib', 'pkg-config'];
  const made = await wrap(root, ...names);
  expect(made.map(({ state }) => state)).toEqual(names.map(() => 'made'));
  expect((await wrap(root, ...names)).map(({ state }) => state)).toEqual(names.map(() => 'present'));
  expect(await wrap(root, 'zlib', '--force')).toMatchObject([{ state: 'made' }]);

  const plan = folder();
  writeFileSync(join(plan, 'plan.sh'), PLAN);
  await root.ok(['origin', 'key', 'generate', 'example']);
  await root.ok(['pkg', 'build', plan], { env: { HAB_OUTPUT_PATH: join(plan, 'results') }, cwd: plan });
  expect((await root.ok(['pkg', 'exec', 'example/crc', 'crc'])).stdout).toBe('73887d3a');
  const needs = await root.ok(['pkg', 'dependencies', 'example/crc']);
  expect(needs.stdout.trim().split('\n').sort()).toEqual([
    expect.stringMatching(/^core\/glibc\/.*\/20000101000000$/),
    expect.stringMatching(/^core\/zlib\/.*\/20000101000000$/),
  ]);
});

test('wrappers are the same bytes wherever the machine and the key are the same', async () => {
  await using one = new Root();
  await using two = new Root();
  const [first, second] = [folder(), folder()];
  const [made] = await wrap(one, 'coreutils', '--output', first);
  const key = await one.ok(['origin', 'key', 'export', 'core', '--type', 'secret']);
  const shown = await one.ok(['origin', 'key', 'export', 'core']);
  for (const half of [key, shown]) await two.ok(['origin', 'key', 'import'], { input: half.stdout });
  await wrap(two, 'coreutils', '--output', second);
  expect(readdirSync(first)).toEqual(readdirSync(second));
  const [name = ''] = readdirSync(first);
  expect(made?.artifact).toBe(join(first, name));
  expect(readFileSync(join(first, name))).toEqual(readFileSync(join(second, name)));
});

test('what the machine lacks is said, and only an error when it was asked for', async () => {
  await using root = new Root();
  const listed = JSON.parse((await root.ok(['pkg', 'wrap-host', '--list', '--json'])).stdout) as {
    readonly name: string;
    readonly version: string;
    readonly lacks: readonly string[];
  }[];
  expect(listed.find(({ name }) => name === 'bash')).toMatchObject({
    lacks: [],
    version: expect.stringMatching(/^\d+\./),
  });
  expect(readdirSync(root.path())).toEqual([]);
  const unknown = await root.hab(['pkg', 'wrap-host', 'no-such-tool']);
  expect(unknown).toMatchObject({ code: 2, stderr: expect.stringContaining('No plan wraps "no-such-tool"') });
  for (const { name, lacks } of listed.filter((one) => one.lacks.length > 0).slice(0, 1)) {
    const missing = await root.hab(['pkg', 'wrap-host', name]);
    expect(missing.code).toBe(1);
    expect(missing.stdout).toContain(`core/${name} (no ${lacks[0]}`);
  }
});

test('a folder that stands in front of the machine is looked into first', async () => {
  await using root = new Root('ordinary');
  const host = folder();
  mkdirSync(join(host, 'usr/bin'), { recursive: true });
  writeFileSync(join(host, 'usr/bin/patchelf'), '#!/bin/sh\necho patchelf 9.8.7\n', { mode: 0o755 });
  for (const path of [host, join(host, 'usr'), join(host, 'usr/bin')]) chmodSync(path, 0o755);
  const [made] = await wrap(root, 'patchelf', '--host-root', host);
  expect(made).toMatchObject({ state: 'made', ident: 'core/patchelf/9.8.7/20000101000000' });
  expect((await root.ok(['pkg', 'exec', 'core/patchelf', 'patchelf'])).stdout).toBe('patchelf 9.8.7\n');
});

test('a machine of another architecture has its libraries in folders of its own', async () => {
  await using root = new Root('ordinary');
  const host = folder();
  const files: Record<string, string> = {
    'usr/lib/aarch64-linux-gnu/libz.so.9.9.9': 'arm',
    'usr/lib/aarch64-linux-gnu/libz.so': 'arm',
    'usr/lib/aarch64-linux-gnu/pkgconfig/zlib.pc':
      'prefix=/usr\nlibdir=${prefix}/lib/aarch64-linux-gnu\nVersion: 9.9.9\n',
    'usr/lib/x86_64-linux-gnu/libz.so.8': 'intel',
    'usr/include/zlib.h': '',
    'usr/include/zconf.h': '',
    'usr/lib/aarch64-linux-gnu/libc.so.6': 'arm',
    'lib/ld-linux-aarch64.so.1': 'loader',
  };
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(join(host, name, '..'), { recursive: true });
    writeFileSync(join(host, name), text);
  }
  const ask = (...words: readonly string[]) =>
    root.ok(['pkg', 'wrap-host', '--json', ...words, '--host-root', host], { env: { HOSTTYPE: 'aarch64' } });
  const [zlib, glibc] = JSON.parse((await ask('zlib', 'glibc')).stdout) as readonly Wrapped[];
  expect(zlib).toMatchObject({ state: 'made', ident: 'core/zlib/9.9.9/20000101000000' });
  const lib = root.path('pkgs', zlib?.ident ?? '', 'lib');
  expect(readlinkSync(join(lib, 'libz.so'))).toBe(join(host, 'usr/lib/aarch64-linux-gnu/libz.so'));
  expect(readdirSync(lib)).not.toContain('libz.so.8');
  expect(readFileSync(join(lib, 'pkgconfig/zlib.pc'), 'utf8')).toContain('libdir=${prefix}/lib\n');
  expect(readdirSync(root.path('pkgs', glibc?.ident ?? '', 'lib'))).toContain('ld-linux-aarch64.so.1');
});
