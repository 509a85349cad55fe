// The house rules that no other tool knows: floors, purity, manifests, what every package must hold.
// `--fix` rewrites manifests; everything else is for a person.
import { existsSync, globSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { floorOf } from './repo/floors.ts';
import { checkManifest, dependenciesOf, findCycles, formatManifest, type Manifest } from './repo/manifest-rules.ts';
import { checkFloors, checkLibrarySource, checkSize, type Finding } from './repo/source-rules.ts';

const REPOSITORY = 'https://github.com/habitat-ts/habitat';

interface Package {
  readonly folder: string;
  readonly path: string;
  readonly manifest: Manifest;
}

/** Every broken rule below `root`. */
export function checkRepo(root: string, options: { readonly fix?: boolean } = {}): Finding[] {
  const packages = readPackages(root);
  const byName = new Map(packages.map((entry) => [entry.manifest.name, entry]));
  const floorOfPackage = (name: string): number | undefined => {
    const entry = byName.get(name);
    return entry === undefined ? undefined : floorOf(entry.folder);
  };
  const findings = packages.flatMap((entry) => checkPackage(root, entry, floorOfPackage, options.fix === true));
  const runtime = (manifest: Manifest): string[] =>
    Object.keys((manifest['dependencies'] as Record<string, string> | undefined) ?? {}).filter((name) =>
      byName.has(name),
    );
  const graph = new Map(packages.map(({ manifest }) => [manifest.name, runtime(manifest)]));
  for (const cycle of findCycles(graph)) {
    findings.push({ file: 'package.json', line: 1, rule: 'floors', text: `circle: ${cycle.join(' -> ')}` });
  }
  return findings;
}

function readPackages(root: string): Package[] {
  return globSync(['packages/*/package.json', 'apps/*/package.json'], { cwd: root })
    .sort()
    .map((file) => {
      const path = dirname(file);
      const manifest = JSON.parse(readFileSync(join(root, file), 'utf8')) as Manifest;
      return { folder: path.split('/')[1] ?? '', path, manifest };
    });
}

function checkPackage(
  root: string,
  { folder, path, manifest }: Package,
  floorOfPackage: (name: string) => number | undefined,
  fix: boolean,
): Finding[] {
  const file = `${path}/package.json`;
  const findings: Finding[] = [];
  const floor = floorOf(folder);
  if (floor === undefined) {
    return [{ file, line: 1, rule: 'floors', text: `${folder} has no floor: draw it in docs/architecture.md first` }];
  }
  const complete = fix ? withLinks(manifest, path) : manifest;
  const wanted = formatManifest(complete);
  if (fix) writeFileSync(join(root, file), wanted);
  else if (wanted !== readFileSync(join(root, file), 'utf8')) {
    findings.push({ file, line: 1, rule: 'manifest', text: 'keys are out of order: run `pnpm check:repo --fix`' });
  }
  findings.push(...checkManifest(file, complete));
  for (const name of ['README.md', 'LICENSE', 'CHANGELOG.md']) {
    if (!existsSync(join(root, path, name)))
      findings.push({ file: path, line: 1, rule: 'manifest', text: `no ${name}` });
  }
  const declared = dependenciesOf(manifest);
  for (const source of globSync(`${path}/src/**/*.ts`, { cwd: root }).sort()) {
    if (source.includes('/generated/')) continue;
    const text = readFileSync(join(root, source), 'utf8');
    findings.push(...checkSize(source, text), ...checkFloors(source, text, floor, floorOfPackage));
    if (path.startsWith('packages/')) findings.push(...checkLibrarySource(source, text));
    for (const [, name] of text.matchAll(/from '(@hab\/[^/']+)/g)) {
      if (name !== undefined && name !== manifest.name && !(name in declared)) {
        findings.push({ file: source, line: 1, rule: 'manifest', text: `${name} is not declared` });
      }
    }
  }
  return findings;
}

function withLinks(manifest: Manifest, directory: string): Manifest {
  if (manifest['private'] === true) return manifest;
  return {
    ...manifest,
    repository: { type: 'git', url: `git+${REPOSITORY}.git`, directory },
    homepage: `${REPOSITORY}/tree/main/${directory}#readme`,
    bugs: `${REPOSITORY}/issues`,
  };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const findings = checkRepo(join(dirname(fileURLToPath(import.meta.url)), '..'), {
    fix: process.argv.includes('--fix'),
  });
  for (const { file, line, rule, text } of findings) console.log(`${file}:${line}: ${rule}: ${text}`);
  console.log(findings.length === 0 ? 'The house rules hold.' : `${findings.length} rules broken.`);
  process.exitCode = findings.length === 0 ? 0 : 1;
}
