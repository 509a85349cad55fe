import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';

import { Root } from './harness.ts';

const RELEASE = '20260131235959';

/** What compilers write down, without a compiler: where the sources are, by every name that a program can learn. */
const PLAN = `pkg_name=places
pkg_origin=example
pkg_version=1.0
source "$PLAN_CONTEXT/../shared.sh"
do_build() { return 0; }
do_install() {
  {
    pwd; pwd -P; printf '%s\\n' "$PLAN_CONTEXT" "$SRC_PATH" "$HAB_CACHE_SRC_PATH" "$CACHE_PATH" "$shared"
    cd ..; pwd -P; cd 'plan [here]'; pwd -P
  } >"$pkg_prefix/places"
}
`;
const DEBUGGED = `pkg_name=debugged
pkg_origin=example
pkg_version=1.0
pkg_bin_dirs=(bin)
do_build() { gcc -g -O2 -Wl,--build-id -o debugged "$SRC_PATH/main.c"; }
do_install() { install -m 0755 debugged "$pkg_prefix/bin/"; }
do_strip() { return 0; }
do_end() { rm -f "$SRC_PATH/debugged"; }
`;
const MAIN = '#include <assert.h>\nint main(int argc, char **argv) { assert(argc < 9); return 0; }\n';

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'hab-folder-'));
  chmodSync(path, 0o777);
  return path;
}

interface Key {
  readonly secret: string;
  readonly shown: string;
}

async function newKey(): Promise<Key> {
  await using root = new Root();
  await root.ok(['origin', 'key', 'generate', 'example']);
  const secret = await root.ok(['origin', 'key', 'export', 'example', '--type', 'secret']);
  return { secret: secret.stdout, shown: (await root.ok(['origin', 'key', 'export', 'example'])).stdout };
}

/** Builds a plan in a new folder of that depth, in a root and a home of its own. @returns the artifact, as latin1. */
async function buildAnywhere(
  key: Key,
  user: 'caller' | 'ordinary',
  depth: string,
  files: Readonly<Record<string, string>>,
): Promise<string> {
  await using root = new Root(user);
  for (const half of [key.secret, key.shown]) await root.ok(['origin', 'key', 'import'], { input: half });
  const above = join(folder(), depth);
  const plan = join(above, 'plan [here]');
  mkdirSync(plan, { recursive: true });
  for (const [name, text] of Object.entries(files)) writeFileSync(join(plan, name), text);
  writeFileSync(join(above, 'shared.sh'), 'shared=yes\n');
  // Whoever builds may write into the folder, as into a checkout of their own.
  execFileSync('chmod', ['-R', 'a+rwX', above]);
  const results = folder();
  const built = await root.ok(['pkg', 'build', plan, '--release', RELEASE], { env: { HAB_OUTPUT_PATH: results } });
  expect(built.stderr).not.toContain('is seen where it is');
  const [name = ''] = readdirSync(results).filter((file) => file.endsWith('.hart'));
  const bytes = readFileSync(join(results, name), 'latin1');
  expect(readFileSync(join(results, 'last_build.env'), 'utf8')).toContain(`pkg_release=${RELEASE}\n`);
  expect(readdirSync(plan).sort()).toEqual(Object.keys(files).sort());
  expect(readdirSync(root.path('cache/view'))).toEqual([]);
  return bytes;
}

test.each([
  ['what a plan can learn of its place', { 'plan.sh': PLAN }],
  ['debug information', { 'plan.sh': DEBUGGED, 'main.c': MAIN }],
])('%s is the same in every folder, for every user', async (_, files) => {
  const key = await newKey();
  const first = await buildAnywhere(key, 'caller', 'a', files);
  expect((await buildAnywhere(key, 'caller', 'other/deeper', files)) === first).toBe(true);
  expect((await buildAnywhere(key, 'ordinary', 'b', files)) === first).toBe(true);
});

test('a plan of a checkout is seen in its checkout, one with -s in that folder, and neither writes beside it', async () => {
  await using root = new Root();
  await root.ok(['origin', 'key', 'generate', 'example']);
  const checkout = folder();
  const plan = join(checkout, 'parts/one');
  for (const path of [plan, join(checkout, '.git')]) mkdirSync(path, { recursive: true });
  const body =
    'pkg_name=one\npkg_origin=example\npkg_version=1\ndo_build() { pwd; ls -A ../..; }\ndo_install() { :; }\n';
  const build = (text: string, ...words: readonly string[]) => {
    writeFileSync(join(plan, 'plan.sh'), text);
    return root.hab(['pkg', 'build', ...words, '--release', RELEASE], { cwd: checkout });
  };
  const whole = await build(body, 'parts/one');
  expect(whole.stdout).toContain('/hab/cache/view/plan-source/parts/one\n.git\nparts\n');
  const part = await build(body, '-s', 'parts', 'one');
  expect(part.stdout).toMatch(/^\/hab\/cache\/view\/plan-source\/one\n(.*\n)*parts\n(.*\n)*plan-source$/m);
  const writes = await build(body.replace('pwd;', 'touch ../../left;'), '-s', 'parts', 'one');
  expect(writes).toMatchObject({ code: 1, stderr: expect.stringContaining('Read-only file system') });
});

test('without namespaces a repeatable build goes on where the plan is, and says so', async () => {
  await using root = new Root();
  await root.ok(['origin', 'key', 'generate', 'example']);
  const [programs, plan] = [folder(), folder()];
  const refusing =
    '#!/bin/sh\ncase "$*" in *hab-view*) echo not here >&2; exit 1 ;; esac\nexec /usr/bin/unshare "$@"\n';
  writeFileSync(join(programs, 'unshare'), refusing, { mode: 0o755 });
  const body = 'pkg_name=here\npkg_origin=example\npkg_version=1\ndo_build() { pwd; }\ndo_install() { :; }\n';
  writeFileSync(join(plan, 'plan.sh'), body);
  const env = { PATH: `${programs}:${process.env['PATH'] ?? ''}` };
  const built = await root.ok(['pkg', 'build', '--release', RELEASE], { cwd: plan, env });
  expect(built.stdout).toContain(`\n${plan}\n`);
  expect(built.stderr).toContain(`${plan} is seen where it is, not at /hab/cache/view/plan-source (not here)`);
});
