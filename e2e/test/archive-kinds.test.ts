import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, globSync, mkdirSync, mkdtempSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { expect, test } from 'vitest';

import { debianPackages } from '../../scripts/debian.ts';
import { Root } from './harness.ts';

const SPEC = `Name: words
Version: 1.0
Release: 1
Summary: Words
License: MIT
BuildArch: noarch
%description
Words.
%install
mkdir -p %{buildroot}/words-1.0
echo hello > %{buildroot}/words-1.0/word
%files
/words-1.0/word
`;

/** Programs that few machines have, and an archive of each kind that they read, with `words-1.0/word` in it. */
function workshop(): { readonly env: Record<string, string>; readonly archives: readonly string[] } {
  const { root, env } = debianPackages(['lzip', 'cpio', 'rpm', 'rpm2cpio', 'p7zip-full']);
  const folder = mkdtempSync(join(tmpdir(), 'hab-archives-'));
  chmodSync(folder, 0o755);
  const programs = join(folder, 'bin');
  mkdirSync(programs);
  // These are found through links and absolute paths that only an installation has.
  symlinkSync(join(root, 'usr/bin/lzip.lzip'), join(programs, 'lzip'));
  writeFileSync(join(programs, '7z'), `#!/bin/sh\nexec '${root}/usr/lib/p7zip/7z' "$@"\n`, { mode: 0o755 });
  const all = { ...env, PATH: `${programs}:${env.PATH}`, RPM_CONFIGDIR: join(root, 'usr/lib/rpm') };
  const run = (file: string, ...args: string[]): unknown =>
    execFileSync(file, args, { cwd: folder, env: { ...all, HOME: folder }, stdio: 'pipe' });
  mkdirSync(join(folder, 'words-1.0'));
  writeFileSync(join(folder, 'words-1.0/word'), 'hello\n');
  run('tar', '--lzip', '-cf', 'words-1.0.tar.lz', 'words-1.0');
  run('7z', 'a', '-y', 'words-1.0.7z', 'words-1.0');
  writeFileSync(join(folder, 'words.spec'), SPEC);
  run('rpmbuild', '-bb', '--define', `_topdir ${folder}/top`, '--define', `_dbpath ${folder}/db`, 'words.spec');
  const archives = ['words-1.0.tar.lz', 'words-1.0.7z', ...globSync('top/RPMS/*/*.rpm', { cwd: folder })];
  return { env: all, archives: archives.map((name) => join(folder, name)) };
}

test('sources in archives that take programs of their own', async () => {
  const { env, archives } = workshop();
  expect(archives).toHaveLength(3);
  await using root = new Root();
  await root.ok(['origin', 'key', 'generate', 'example']);
  for (const archive of archives) {
    const plan = mkdtempSync(join(tmpdir(), 'hab-plan-'));
    chmodSync(plan, 0o777);
    const shasum = createHash('sha256').update(readFileSync(archive)).digest('hex');
    const name = basename(archive).replaceAll(/[^a-z0-9]/g, '-');
    // The documents name no directory for what unpacks into none of its own: an rpm's files lie below the cache's.
    const word = archive.endsWith('.rpm') ? '"$CACHE_PATH/words-1.0/word"' : 'word';
    writeFileSync(
      join(plan, 'plan.sh'),
      `pkg_name=${name}\npkg_origin=example\npkg_version=1.0\npkg_source=file://${archive}\npkg_shasum=${shasum}\n` +
        `pkg_dirname=words-1.0\ndo_build() { return 0; }\ndo_install() { install -m 0644 ${word} "$pkg_prefix/word"; }\n`,
    );
    await root.ok(['pkg', 'build', plan], { cwd: plan, env });
    const { stdout } = await root.ok(['pkg', 'path', `example/${name}`]);
    expect(readFileSync(root.path(stdout.trim().replace('/hab/', ''), 'word'), 'utf8')).toBe('hello\n');
  }
});
