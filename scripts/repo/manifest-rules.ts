import type { Finding } from './source-rules.ts';

/** Keys of every manifest, in this order. */
const KEY_ORDER = [
  'name',
  'version',
  'private',
  'license',
  'description',
  'repository',
  'homepage',
  'bugs',
  'type',
  'sideEffects',
  'files',
  'bin',
  'exports',
  'engines',
  'publishConfig',
  'scripts',
  'dependencies',
  'peerDependencies',
  'optionalDependencies',
  'devDependencies',
];

export type Manifest = Readonly<Record<string, unknown>> & { readonly name: string };

/** Dependencies of a manifest, all kinds. */
export function dependenciesOf(manifest: Manifest): Readonly<Record<string, string>> {
  const all: Record<string, string> = {};
  for (const key of ['dependencies', 'peerDependencies', 'optionalDependencies', 'devDependencies']) {
    Object.assign(all, manifest[key] ?? {});
  }
  return all;
}

/** The manifest as it should be written. */
export function formatManifest(manifest: Manifest): string {
  const known = KEY_ORDER.filter((key) => key in manifest);
  const unknown = Object.keys(manifest).filter((key) => !KEY_ORDER.includes(key));
  const ordered = Object.fromEntries([...known, ...unknown].map((key) => [key, sorted(key, manifest[key])]));
  return `${JSON.stringify(ordered, undefined, 2)}\n`;
}

function sorted(key: string, value: unknown): unknown {
  if (!key.toLowerCase().endsWith('dependencies')) return value;
  const entries = Object.entries(value as Record<string, string>);
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Rules of a manifest. */
export function checkManifest(path: string, manifest: Manifest): Finding[] {
  const findings: Finding[] = [];
  const add = (text: string): void => void findings.push({ file: path, line: 1, rule: 'manifest', text });
  const isPrivate = manifest['private'] === true;
  for (const key of ['name', 'version', 'license', 'description', 'type', 'scripts']) {
    if (!(key in manifest)) add(`${key} is missing`);
  }
  if (!isPrivate) {
    for (const key of ['repository', 'homepage', 'bugs', 'files', 'engines', 'publishConfig']) {
      if (!(key in manifest)) add(`${key} is missing`);
    }
  }
  if (manifest['license'] !== 'Apache-2.0') add('license is not Apache-2.0');
  for (const [name, version] of Object.entries(dependenciesOf(manifest))) {
    const wanted = name.startsWith('@hab/') ? 'workspace:^' : 'catalog:';
    if (version !== wanted) add(`${name} should be "${wanted}"`);
  }
  return findings;
}

/** Dependencies that lead back to where they started. */
export function findCycles(graph: ReadonlyMap<string, readonly string[]>): string[][] {
  const cycles: string[][] = [];
  const done = new Set<string>();
  const visit = (name: string, trail: readonly string[]): void => {
    const start = trail.indexOf(name);
    if (start >= 0) return void cycles.push([...trail.slice(start), name]);
    if (done.has(name)) return;
    for (const next of graph.get(name) ?? []) visit(next, [...trail, name]);
    done.add(name);
  };
  for (const name of graph.keys()) visit(name, []);
  return cycles;
}
