// Builds a package, forgets it, and builds another one that needs it out of a folder of artifacts. Prints what is
// installed then. Started by install-dependencies.test.ts where /hab is private.
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLayout } from '@hab/core';
import { systemClock, systemRandom } from '@hab/core/node';
import { generateOriginKeyPair, memoryKeyCache } from '@hab/crypto-keys';
import { formatIdent } from '@hab/ident';
import { createStore, folderArtifactSource } from '@hab/store/node';
import { type BuildResult, buildPlan, storeInstaller, storePackages } from '../../src/node/index.ts';

const work = mkdtempSync(join(tmpdir(), 'hab-install-'));
process.on('exit', () => rmSync(work, { recursive: true, force: true }));
const layout = createLayout();
const keys = memoryKeyCache();
await keys.write(generateOriginKeyPair({ name: 'acme', clock: systemClock, random: systemRandom }));
const store = createStore({ layout, target: 'x86_64-linux', keys });
const folder = join(work, 'artifacts');
const dependencies = storeInstaller(store, { sources: () => [folderArtifactSource(folder)] });
let output = '';

async function build(name: string, body: string): Promise<BuildResult> {
  const context = join(work, name);
  mkdirSync(context, { recursive: true });
  const head = `pkg_name=${name}\npkg_origin=acme\npkg_version=1.0\ndo_build() { :; }\ndo_install() { :; }\n`;
  writeFileSync(join(context, 'plan.sh'), head + body);
  const collect = (chunk: Uint8Array): void => {
    output += new TextDecoder().decode(chunk);
  };
  return await buildPlan(
    {
      context,
      cwd: work,
      environment: { PATH: process.env['PATH'] ?? '' },
      stdio: { output: collect, errors: collect },
      target: 'x86_64-linux',
    },
    { layout, keys, clock: systemClock, packages: storePackages(store), dependencies },
  );
}

const library = await build('library', 'do_install() { echo content > "$pkg_prefix/file"; }\n');
if (library.type !== 'built') throw new Error(output);
mkdirSync(folder);
cpSync(library.artifact, join(folder, library.artifact.split('/').at(-1) ?? ''));
await store.uninstall(library.ident);
const missing = await store.tryLoad(library.ident);
const app = await build(
  'app',
  'pkg_deps=(acme/library)\ndo_build() { cp "$(pkg_path_for library)/file" found; }\ndo_install() { cp found "$pkg_prefix/"; }\n',
);
if (app.type !== 'built') throw new Error(output);
const installed = (await store.list()).map(formatIdent);
process.stdout.write(
  JSON.stringify({
    missing: missing === undefined,
    installed,
    deps: [...(await (await store.load(app.ident)).deps()).map(formatIdent)],
    library: formatIdent(library.ident),
    cameFromFolder: output.includes(
      `Resolved dependency 'acme/library' to ${formatIdent(library.ident)} (from ${folder})`,
    ),
  }),
);
