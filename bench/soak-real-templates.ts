// Every configuration and hook template of a checkout of plans: each parses and renders in every dialect, with the
// defaults of its own plan. PATH is a working copy or a bare repository of habitat-sh/core-plans; nothing of it is kept.
import { execFileSync } from 'node:child_process';
import { existsSync, globSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

import { type ConfigTable, createRenderer, parseToml, TEMPLATE_DIALECTS, type TemplateDialect } from '@hab/templating';
import { sampleContext } from '@hab/templating/offline';
import type { BenchIo } from './main.ts';

const TEMPLATE = /^(?:.*\/)?(config|config_install|hooks)\/(.+)$/;
const MEMBERS = 3;

interface Files {
  readonly names: readonly string[];
  read(name: string): Uint8Array;
}

function workingCopy(folder: string): Files {
  const found = globSync('**/*', { cwd: folder, exclude: ['.git/**', '**/node_modules/**'] });
  const names = found.filter((name) => statSync(join(folder, name)).isFile());
  return { names, read: (name) => readFileSync(join(folder, name)) };
}

function bareRepository(folder: string): Files {
  const git = (...args: string[]): Buffer =>
    execFileSync('git', ['-c', 'safe.directory=*', '--git-dir', folder, ...args], { maxBuffer: 1 << 30 });
  // Links are no templates: a Supervisor passes them over.
  const entries = git('ls-tree', '-r', '-z', 'HEAD').toString().split('\0');
  const files = entries.flatMap((entry) => /^100\d+ blob [0-9a-f]+\t(.+)$/s.exec(entry)?.[1] ?? []);
  return { names: files, read: (name) => git('show', `HEAD:${name}`) };
}

/** @throws when any template fails in any dialect. */
export default async function run({ print }: BenchIo, path?: string): Promise<void> {
  if (path === undefined) {
    print('skipped: give the folder of a checkout, `npm run soak -- real-templates PATH`');
    return;
  }
  const files = existsSync(join(path, 'objects')) ? bareRepository(path) : workingCopy(path);
  const known = new Set(files.names);
  const templates = files.names.filter((name) => TEMPLATE.test(name) && hasPlan(name, known));
  if (templates.length === 0) throw new Error(`${path} holds no template`);
  const failed: string[] = [];
  let skipped = 0;
  const done = new Map<TemplateDialect, number>();
  for (const name of templates) {
    const text = decode(files.read(name));
    if (text === undefined) skipped++;
    else for (const dialect of TEMPLATE_DIALECTS) tryTemplate(name, text, dialect);
  }
  function tryTemplate(name: string, text: string, dialect: TemplateDialect): void {
    try {
      const renderer = createRenderer({ dialect });
      renderer.register(name, text);
      renderer.render(name, contextOf(name, files, known));
      done.set(dialect, (done.get(dialect) ?? 0) + 1);
    } catch (error) {
      failed.push(`${dialect}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  const tagged = templates.filter((name) => decode(files.read(name))?.includes('{{')).length;
  print(`${templates.length} templates, ${tagged} with tags, ${skipped} that are no text`);
  for (const dialect of TEMPLATE_DIALECTS) print(`${dialect}: ${done.get(dialect) ?? 0} rendered`);
  for (const failure of failed) print(failure);
  if (failed.length > 0) throw new Error(`${failed.length} renderings failed`);
}

const planFolder = (name: string): string => name.slice(0, name.search(/(?:^|\/)(?:config|config_install|hooks)\//));

/** A folder of that name is one of templates where a plan lies beside it. */
function hasPlan(name: string, known: ReadonlySet<string>): boolean {
  const folder = planFolder(name);
  const prefix = folder === '' ? '' : `${folder}/`;
  return ['plan.sh', 'plan.ps1', 'default.toml'].some((file) => known.has(prefix + file));
}

const contexts = new Map<string, ConfigTable>();

function contextOf(name: string, files: Files, known: ReadonlySet<string>): ConfigTable {
  const folder = planFolder(name);
  const held = contexts.get(folder);
  if (held !== undefined) return held;
  const defaults = folder === '' ? 'default.toml' : `${folder}/default.toml`;
  const cfg = known.has(defaults) ? parseToml(decode(files.read(defaults)) ?? '', { source: defaults }) : new Map();
  const context = sampleContext({ cfg, members: MEMBERS });
  contexts.set(folder, context);
  return context;
}

function decode(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
