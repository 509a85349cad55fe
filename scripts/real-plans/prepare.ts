// Makes a plan of others buildable without the internet: the sources come from Debian under the name that the plan wants,
// and version and checksum in a copy of the plan follow them. Nothing else of the plan changes.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';

import { debianSource, upstreamArchive } from '../debian.ts';
import type { RealPlan } from './plans.ts';

/** A plan folder that can be built, and what its build needs. */
export interface PreparedPlan {
  readonly folder: string;
  /** File for the source cache, if the plan has a source. */
  readonly archive?: string;
  readonly env: Readonly<Record<string, string>>;
  /** Everything in which plan and sources are not as published. */
  readonly adapted: readonly string[];
}

const documents = join(import.meta.dirname, '../../vectors/plan-build/documents');

/** Copies the plan's folder out of a checkout, a bare git directory, or the documents. */
export function copyPlan(folder: string, plans: string, into: string): void {
  mkdirSync(into, { recursive: true });
  if (folder.startsWith('documents/'))
    cpSync(join(documents, folder.slice('documents/'.length)), into, { recursive: true });
  else if (existsSync(join(plans, folder))) cpSync(join(plans, folder), into, { recursive: true });
  else {
    const tar = execFileSync('git', ['--git-dir', plans, 'archive', `HEAD:${folder}`], { maxBuffer: 1024 ** 3 });
    execFileSync('tar', ['x', '-C', into], { input: tar });
  }
}

/** @param work - Empty folder that gets the plan and its sources. */
export function preparePlan(plan: RealPlan, plans: string, work: string): PreparedPlan {
  const folder = join(work, 'plan');
  copyPlan(plan.folder, plans, folder);
  const file = join(folder, 'plan.sh');
  const adapted = Object.entries(plan.set ?? {}).flatMap(([name, value]) => setVariable(file, name, value));
  if ('git' in plan.source) {
    return {
      folder,
      env: localRepository(plan.source.git, file, work),
      adapted: ['a small repository for the cloned one'],
    };
  }
  if ('file' in plan.source) {
    const archive = join(work, planValues(file).filename);
    copyFileSync(plan.source.file, archive);
    adapted.push(...setVariable(file, 'pkg_shasum', sha256(archive)), `source: ${plan.source.file}`);
    return { folder, archive, env: {}, adapted };
  }
  const upstream = upstreamArchive(debianSource(plan.source.debian));
  if (plan.set?.['pkg_version'] === undefined)
    adapted.push(...setVariable(file, 'pkg_version', upstreamVersion(upstream)));
  const { filename, dirname } = planValues(file);
  const archive = repack(upstream, join(work, filename), dirname, plan.adapt);
  adapted.push(...setVariable(file, 'pkg_shasum', sha256(archive)), `source: ${basename(upstream)}`);
  return { folder, archive, env: {}, adapted };
}

/** Replaces the assignment of a variable at the top of a plan, if it is another one. @returns what changed, for people. */
function setVariable(file: string, name: string, value: string): readonly string[] {
  const text = readFileSync(file, 'utf8');
  const [before = ''] = new RegExp(`^${name}=.*$`, 'm').exec(text) ?? [];
  if (before === '') throw new Error(`${file} does not set ${name}`);
  const is = before.slice(name.length + 1).replace(/^(["'])(.*)\1$/, '$2');
  if (is === value) return [];
  writeFileSync(
    file,
    text.replace(before, () => `${name}=${value}`),
  );
  return [name === 'pkg_shasum' ? name : `${before} → ${value}`];
}

function upstreamVersion(archive: string): string {
  const [, version = ''] = /_(.*?)(?:[.+](?:dfsg|ds)[\d.]*)?\.orig\./.exec(basename(archive)) ?? [];
  return version;
}

function planValues(file: string): { readonly filename: string; readonly dirname: string } {
  const script = `source "$1" >/dev/null
    echo "\${pkg_filename-$(basename "$pkg_source")}"; echo "\${pkg_dirname-$pkg_name-$pkg_version}"`;
  const output = execFileSync('bash', ['-c', script, 'bash', file], { encoding: 'utf8' });
  const [filename = '', dirname = ''] = output.split('\n');
  return { filename, dirname };
}

/** The same sources under the names of another archive; the very archive where only its own name differs. */
function repack(upstream: string, archive: string, dirname: string, adapt: string | undefined): string {
  const staging = mkdtempSync(join(tmpdir(), 'hab-sources-'));
  const top = join(staging, dirname);
  mkdirSync(top);
  const entries = execFileSync('tar', ['tf', upstream], { encoding: 'utf8', maxBuffer: 1024 ** 3 })
    .trim()
    .split('\n');
  const tops = new Set(entries.map((entry) => entry.replace(/^\.\//, '').split('/')[0]));
  const compression = (path: string): string => /\.(?:tar\.)?(\w+)$/.exec(path)?.[1]?.replace(/^t/, '') ?? '';
  if (adapt === undefined && tops.size === 1 && tops.has(dirname) && compression(upstream) === compression(archive)) {
    rmSync(staging, { recursive: true });
    copyFileSync(upstream, archive);
    return archive;
  }
  execFileSync('tar', ['xf', upstream, '-C', top]);
  const [only] = readdirSync(top);
  if (tops.size === 1 && only !== undefined && statSync(join(top, only)).isDirectory()) {
    renameSync(join(top, only), `${top}.inner`);
    rmSync(top, { recursive: true });
    renameSync(`${top}.inner`, top);
  }
  if (adapt !== undefined) execFileSync('bash', ['-euc', adapt], { cwd: top });
  execFileSync('tar', ['--create', '--auto-compress', '--file', archive, '--owner=0', '--group=0', dirname], {
    cwd: staging,
  });
  rmSync(staging, { recursive: true });
  return archive;
}

/** A repository of one commit that git takes for the one that the plan clones. */
function localRepository(url: string, file: string, work: string): Record<string, string> {
  const repository = join(work, 'repository');
  const git = (...words: readonly string[]): void => {
    const identity = ['-c', 'user.name=Somebody', '-c', 'user.email=somebody@example.com'];
    execFileSync('git', [...identity, ...words], { cwd: repository, stdio: 'ignore' });
  };
  mkdirSync(join(repository, 'spec'), { recursive: true });
  const [, version = ''] = /^pkg_version=(.*)$/m.exec(readFileSync(file, 'utf8')) ?? [];
  writeFileSync(join(repository, 'Makefile'), 'all:\ninstall:\n\tinstall -D chef $(PREFIX)/bin/chef\n');
  writeFileSync(join(repository, 'chef'), '#!/bin/sh\necho cooked\n', { mode: 0o755 });
  writeFileSync(join(repository, 'spec/left-out'), 'no\n');
  git('init', '--quiet');
  git('add', '--all');
  git('commit', '--quiet', '--message', 'One');
  git('tag', version);
  return {
    GIT_CONFIG_COUNT: '1',
    GIT_CONFIG_KEY_0: `url.${repository}.insteadOf`,
    GIT_CONFIG_VALUE_0: url,
  };
}

const sha256 = (file: string): string => createHash('sha256').update(readFileSync(file)).digest('hex');
