import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';

import { checkout, Root, run } from './harness.ts';

/** A folder with these files, for everybody. */
function folder(files: Readonly<Record<string, string>>): string {
  const path = mkdtempSync(join(tmpdir(), 'hab-plan-'));
  chmodSync(path, 0o777);
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(path, name)), { recursive: true });
    writeFileSync(join(path, name), text);
  }
  return path;
}

/** The plan of a package without anything to compile. */
const service = (name: string, more: string): string =>
  folder({
    'plan.sh': `pkg_origin=yourorigin\npkg_name=${name}\npkg_version=1.0\ndo_build() { return 0; }\ndo_install() { return 0; }\n${more}`,
    'hooks/run': '#!/bin/sh\nexec sleep 1000\n',
    'default.toml': 'port = 80\n',
  });

async function keyed(origin: string): Promise<Root> {
  const root = new Root();
  await root.ok(['origin', 'key', 'generate', origin]);
  return root;
}

/** The plan that the documents show, with another bind map on request. */
const composite = (binds: string, services = 'origin/package1\n    origin/package2'): string =>
  folder({
    'plan.sh': `pkg_origin="yourorigin"
pkg_name="composite-example"
pkg_type="composite"
pkg_version="0.1.0"

pkg_services=(
    ${services.replaceAll('origin/', 'yourorigin/')}
)

pkg_bind_map=(
    [yourorigin/package2]="${binds.replaceAll('origin/', 'yourorigin/')}"
)
`,
  });

test('the composites of the documents', async () => {
  await using root = await keyed('yourorigin');
  const members: [string, string][] = [
    ['package1', 'pkg_exports=([port]=port)\n'],
    ['package2', 'pkg_binds=([http]="port")\npkg_binds_optional=([otherbind]="port")\n'],
    ['package3', 'pkg_exports=([port]=port)\n'],
  ];
  for (const [name, more] of members) {
    const plan = service(name, more);
    await root.ok(['pkg', 'build', plan, '--release', '20260101000000'], { cwd: plan });
  }
  const build = async (plan: string, release: string): Promise<(file: string) => string> => {
    await root.ok(['pkg', 'build', plan, '--release', release], { cwd: plan });
    return (file) => readFileSync(root.path('pkgs/yourorigin/composite-example/0.1.0', release, file), 'utf8');
  };
  const shown = await build(composite('http:origin/package1'), '20260102000000');
  expect(shown('TYPE')).toBe('composite\n');
  expect(shown('SERVICES')).toBe('yourorigin/package1\nyourorigin/package2\n');
  expect(shown('RESOLVED_SERVICES')).toBe(
    'yourorigin/package1/1.0/20260101000000\nyourorigin/package2/1.0/20260101000000\n',
  );
  expect(shown('BIND_MAP')).toBe('yourorigin/package2=http:yourorigin/package1\n');
  const three = 'origin/package1\n    origin/package2\n    origin/package3';
  const both = await build(composite('http:origin/package1 otherbind:origin/package3', three), '20260103000000');
  expect(both('BIND_MAP')).toBe('yourorigin/package2=http:yourorigin/package1 otherbind:yourorigin/package3\n');
  const alone = composite('http:origin/package1', 'origin/package1');
  const refused = await root.hab(['pkg', 'build', alone], { cwd: alone });
  expect(refused.code).toBe(1);
  expect(refused.stdout).toContain('at least two services');
  const unset = composite('http:origin/package3', three.replace('    origin/package3', ''));
  const unknown = await root.hab(['pkg', 'build', unset], { cwd: unset });
  expect(unknown.code).toBe(1);
  expect(unknown.stdout).toContain("pkg_bind_map names 'yourorigin/package3', which is not in pkg_services");
});

test('software that comes only in binary form: nothing to fetch or compile, a wrapper around it', async () => {
  await using root = await keyed('example');
  const tool = '#!/bin/sh\necho "vendor sees $VENDOR_HOME: $*"\n';
  const plan = folder({
    'vendor-tool': tool,
    'plan.sh': `pkg_origin=example
pkg_name=vendor
pkg_version=2.0
pkg_license=("Proprietary")
pkg_bin_dirs=(bin)
do_download() { return 0; }
do_verify() { return 0; }
do_unpack() { return 0; }
do_prepare() { return 0; }
do_build() { return 0; }
do_install() {
  install -D -m 0755 "$PLAN_CONTEXT/vendor-tool" "$pkg_prefix/libexec/vendor-tool"
  wrap_binary vendor-tool
}
do_strip() { return 0; }
wrap_binary() {
  local binary="$pkg_prefix/bin/$1"
  build_line "Adding wrapper $binary"
  cat <<EOF > "$binary"
#!/bin/sh
set -e
export VENDOR_HOME="$pkg_prefix"
exec $pkg_prefix/libexec/$1 \\"\\$@\\"
EOF
  chmod 0755 "$binary"
}
`.replaceAll('\\"', '"'),
  });
  const built = await root.ok(['pkg', 'build', plan, '--release', '20260102030405'], { cwd: plan });
  expect(built.stdout).toContain('Adding wrapper ');
  const answer = await root.ok(['pkg', 'exec', 'example/vendor', 'vendor-tool', 'a b', 'c']);
  expect(answer.stdout).toBe('vendor sees /hab/pkgs/example/vendor/2.0/20260102030405: a b c\n');
  expect(readFileSync(root.path('pkgs/example/vendor/2.0/20260102030405/libexec/vendor-tool'), 'utf8')).toBe(tool);
});

test('the build program takes the words of the original: the context first, and 1 for what is wrong', async () => {
  await using root = await keyed('example');
  const plan = folder({
    'plan.sh': 'pkg_origin=example\npkg_name=note\npkg_version=1.0\ndo_build() { :; }\ndo_install() { :; }\n',
  });
  const program = join(checkout, 'apps/cli/dist/hab-plan-build.js');
  const call = (...words: readonly string[]) =>
    run(process.execPath, [program, ...words], { env: root.env, cwd: plan });
  for (const [words, message] of [
    [['.', '--nope'], 'Invalid option: --nope'],
    [['.', '-u'], 'Option -u needs a value'],
  ] as const) {
    const refused = await call(...words);
    expect([words, refused.code]).toEqual([words, 1]);
    expect(refused.stderr).toContain(message);
  }
  expect(await call('/nonexistent')).toMatchObject({
    code: 127,
    stderr: expect.stringContaining('/nonexistent does not exist!'),
  });
  const built = await call('.', '-u', 'https://bldr.example', '--release', '20260102030405');
  expect(built.code).toBe(0);
  expect(readFileSync(join(plan, 'results/last_build.env'), 'utf8')).toContain('pkg_release=20260102030405\n');
  expect(await call('--help')).toMatchObject({ code: 0, stdout: expect.stringContaining('-u URL') });
});

test('dependencies come out of a folder of artifacts, and only those of the build run their install hooks', async () => {
  await using first = await keyed('example');
  await using root = await keyed('other');
  const shelf = folder({});
  const body = 'pkg_origin=example\npkg_version=1.0\ndo_build() { :; }\ndo_install() { :; }\n';
  for (const name of ['tool', 'library']) {
    const hook = `#!/bin/sh\necho ran > ${shelf}/${name}.ran\n`;
    const plan = folder({ 'plan.sh': `pkg_name=${name}\n${body}`, 'hooks/install': hook });
    await first.ok(['pkg', 'build', plan, '--release', '20260101000000'], {
      env: { HAB_OUTPUT_PATH: shelf },
      cwd: plan,
    });
  }
  const key = await first.ok(['origin', 'key', 'export', 'example']);
  await root.ok(['origin', 'key', 'import'], { input: key.stdout });
  const needs = 'pkg_build_deps=(example/tool)\npkg_deps=(example/library)\n';
  const app = folder({ 'plan.sh': `pkg_name=app\n${body.replace('example', 'other')}${needs}` });
  const built = await root.ok(['pkg', 'build', app, '--artifacts', shelf], { cwd: app });
  const ident = 'example/tool/1.0/20260101000000';
  expect(built.stdout).toContain(`Resolved build dependency 'example/tool' to ${ident} (from ${shelf})`);
  expect(readdirSync(shelf).filter((name) => name.endsWith('.ran'))).toEqual(['tool.ran']);
  const bad = folder({
    'plan.sh': `pkg_name=bad\n${body.replace('example', 'other')}`,
    'hooks/install': '#!/bin/sh\nexit 3\n',
  });
  await root.ok(['pkg', 'build', bad], { cwd: bad });
  const needy = folder({
    'plan.sh': `pkg_name=needy\n${body.replace('example', 'other')}pkg_build_deps=(other/bad)\n`,
  });
  const refused = await root.hab(['pkg', 'build', needy], { cwd: needy });
  expect(refused.code).toBe(1);
  expect(refused.stdout).toMatch(/ERROR: other\/bad\S* is installed and not ready: The install hook of other\/bad/);
  expect(refused.stdout).toContain('in phase dependencies');
  const again = await root.ok(['pkg', 'build', app], { cwd: app });
  expect(again.stdout).toContain(`Resolved build dependency 'example/tool' to ${ident} (already installed)`);
});
