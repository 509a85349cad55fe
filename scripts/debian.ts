// Brings Debian packages and sources for tests and examples, without root and without touching the machine: apt works on
// a state of its own below the cache folder, packages are unpacked beside it.
//
//   node scripts/debian.ts source redis            prints the folder that holds the upstream archive
//   node scripts/debian.ts packages redis-server   prints a shell snippet that sets PATH and LD_LIBRARY_PATH
import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  existsSync,
  globSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const SOURCES = ['/etc/apt/sources.list.d/*.sources', '/etc/apt/sources.list'];
/** A list older than this is fetched again before something new is looked up. */
const LIST_AGE_MS = 24 * 3600 * 1000;

/** Where everything goes. */
export function debianCache(env: Readonly<Record<string, string | undefined>> = process.env): string {
  const checkout = join(dirname(fileURLToPath(import.meta.url)), '..', '.cache');
  return join(env['HAB_TEST_CACHE'] || checkout, 'debian');
}

/** Folder with the upstream source of a Debian package: the `.orig.tar.*` and its `.dsc`. */
export function debianSource(name: string): string {
  const folder = join(debianCache(), 'sources', name.replaceAll('/', '_'));
  if (existsSync(folder)) return folder;
  const staging = `${folder}.tmp-${process.pid}`;
  mkdirSync(staging, { recursive: true });
  try {
    withApt((apt) => apt('source', ['--download-only', name], staging));
    publish(staging, folder);
  } finally {
    rmSync(staging, { recursive: true, force: true });
  }
  return folder;
}

/** Path of the one upstream archive in such a folder. */
export function upstreamArchive(folder: string): string {
  const archives = readdirSync(folder).filter((name) => /\.orig\.tar\.(?:gz|bz2|xz)$/.test(name));
  const [archive] = archives;
  if (archive === undefined || archives.length > 1)
    throw new Error(`${folder} holds ${archives.length} upstream archives`);
  return join(folder, archive);
}

export interface DebianTree {
  /** Folder that the packages were unpacked into, as if it were `/`. */
  readonly root: string;
  /** What a process needs to find programs and libraries there. */
  readonly env: Readonly<Record<'PATH' | 'LD_LIBRARY_PATH', string>>;
}

/** Packages with all they depend on and the machine lacks, unpacked. */
export function debianPackages(names: readonly string[]): DebianTree {
  const key = createHash('sha256')
    .update([...names].sort().join(' '))
    .digest('hex')
    .slice(0, 16);
  const root = join(debianCache(), 'trees', key);
  if (!existsSync(root)) {
    const staging = `${root}.tmp-${process.pid}`;
    mkdirSync(staging, { recursive: true });
    try {
      withApt((apt, archives) => {
        apt('install', ['--download-only', '--no-install-recommends', '--reinstall', ...names], staging);
        for (const archive of globSync('*.deb', { cwd: archives })) {
          execFileSync('dpkg-deb', ['-x', join(archives, archive), staging]);
        }
      });
      publish(staging, root);
    } finally {
      rmSync(staging, { recursive: true, force: true });
    }
  }
  const triple = execFileSync('gcc', ['-print-multiarch'], { encoding: 'utf8' }).trim();
  const libraries = [`usr/lib/${triple}`, `lib/${triple}`, 'usr/lib', 'lib'].map((path) => join(root, path));
  const programs = ['usr/sbin', 'usr/bin', 'sbin', 'bin'].map((path) => join(root, path));
  return {
    root,
    env: {
      PATH: [...programs, process.env['PATH']].join(':'),
      LD_LIBRARY_PATH: [...libraries.filter(existsSync), process.env['LD_LIBRARY_PATH']].filter(Boolean).join(':'),
    },
  };
}

type Apt = (command: string, args: readonly string[], cwd: string) => void;

/**
 * Calls apt with the machine's sources, source packages included, and lists no older than a day. Several programs may do
 * so at once: they share the lists, one at a time, and nothing else.
 */
function withApt(use: (apt: Apt, archives: string) => void): void {
  const state = join(debianCache(), 'state');
  mkdirSync(join(state, 'lists', 'partial'), { recursive: true });
  const own = join(state, `run-${process.pid}`);
  const archives = join(own, 'cache', 'archives');
  for (const folder of [join(archives, 'partial'), join(own, 'parts')]) mkdirSync(folder, { recursive: true });
  // What is installed counts, so that only what the machine lacks is brought.
  const status = join(own, 'status');
  writeFileSync(status, readFileSync('/var/lib/dpkg/status'));
  writeSources(join(own, 'parts'));
  const options = [
    `Dir::State=${state}`,
    `Dir::State::lists=${state}/lists`,
    `Dir::State::status=${status}`,
    `Dir::Cache=${own}/cache`,
    `Dir::Etc::sourcelist=/dev/null`,
    `Dir::Etc::sourceparts=${own}/parts`,
    'Debug::NoLocking=1',
    'APT::Sandbox::User=',
    'APT::Get::Assume-Yes=true',
    'Acquire::Languages=none',
  ].flatMap((option) => ['-o', option]);
  const apt: Apt = (command, args, cwd) => {
    const words = [join(state, 'lock'), 'apt-get', ...options, '-qq', command, ...args];
    const result = spawnSync('flock', words, { cwd, encoding: 'utf8' });
    if (result.status === 0) return;
    const reason = result.error?.message ?? result.stderr.trim();
    throw new Error(`apt-get ${command} ${args.join(' ')} failed: ${reason}`);
  };
  try {
    const stamp = join(state, 'updated');
    if (!existsSync(stamp) || Date.now() - statSync(stamp).mtimeMs > LIST_AGE_MS) {
      apt('update', [], state);
      writeFileSync(stamp, '');
    }
    use(apt, archives);
  } finally {
    rmSync(own, { recursive: true, force: true });
  }
}

function writeSources(folder: string): void {
  for (const [index, file] of globSync(SOURCES).entries()) {
    const text = readFileSync(file, 'utf8');
    if (file.endsWith('.sources')) {
      const both = text.replace(/^Types:.*$/gm, 'Types: deb deb-src');
      writeFileSync(join(folder, `${index}.sources`), both);
    } else {
      const lines = text.split('\n').filter((line) => /^deb\s/.test(line));
      writeFileSync(
        join(folder, `${index}.list`),
        lines.flatMap((line) => [line, line.replace(/^deb/, 'deb-src')]).join('\n'),
      );
    }
  }
}

/** Another run may have been faster: then its result serves. */
function publish(staging: string, folder: string): void {
  mkdirSync(dirname(folder), { recursive: true });
  try {
    renameSync(staging, folder);
  } catch (error) {
    if (!existsSync(folder)) throw error;
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [what, ...names] = process.argv.slice(2);
  if (what === 'source' && names.length > 0) {
    for (const name of names) console.log(debianSource(name));
  } else if (what === 'packages' && names.length > 0) {
    const { env } = debianPackages(names);
    for (const [name, value] of Object.entries(env)) console.log(`export ${name}='${value.replaceAll("'", "'\\''")}'`);
  } else {
    console.error('usage: debian.ts source NAME... | packages NAME...');
    process.exitCode = 2;
  }
}
