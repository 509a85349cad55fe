import { chmodSync, cpSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { expect, test } from 'vitest';

import { checkout, Root } from './harness.ts';

const TOOLS = 'bash binutils bzip2 coreutils file findutils grep gzip sed tar unzip xz'.split(' ');

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'hab-folder-'));
  chmodSync(path, 0o777);
  return path;
}

test('the build program builds as a package, installs elsewhere, and builds a plan there', async () => {
  await using root = new Root();
  await using other = new Root('ordinary');
  const shelf = folder();
  await root.ok(['pkg', 'wrap-host', ...TOOLS, '--output', shelf]);
  const results = folder();
  const plan = join(checkout, 'plans/hab-plan-build');
  await root.ok(['pkg', 'build', plan], {
    env: { HAB_OUTPUT_PATH: results, HAB_HART_COMPRESSION_LEVEL: '0' },
  });
  const [name = ''] = readdirSync(results).filter((file) => file.endsWith('.hart'));
  expect(name).toMatch(/^core-hab-plan-build-/);
  cpSync(join(results, name), join(shelf, basename(name)));

  const key = await root.ok(['origin', 'key', 'export', 'core']);
  await other.ok(['origin', 'key', 'import'], { input: key.stdout });
  await other.ok(['origin', 'key', 'generate', 'example']);
  chmodSync(join(shelf, name), 0o644);
  await other.ok(['pkg', 'install', 'core/hab-plan-build', '--artifacts', shelf]);
  const work = folder();
  writeFileSync(
    join(work, 'plan.sh'),
    `pkg_name=note
pkg_origin=example
pkg_version=1.0
pkg_bin_dirs=(bin)
do_build() { return 0; }
do_install() { printf '#!/bin/sh\\necho noted\\n' > "$pkg_prefix/bin/note"; chmod +x "$pkg_prefix/bin/note"; }
`,
  );
  // No Node and no checkout on its path.
  const words = ['pkg', 'exec', 'core/hab-plan-build', 'hab-plan-build', work];
  const built = await other.ok(words, { env: { PATH: '/usr/local/bin:/usr/bin:/bin' }, cwd: work });
  expect(built.stdout).toContain('hab-plan-build');
  expect((await other.ok(['pkg', 'exec', 'example/note', 'note'])).stdout).toBe('noted\n');
  expect(readFileSync(join(work, 'results/last_build.env'), 'utf8')).toContain('pkg_name=note\n');
});
