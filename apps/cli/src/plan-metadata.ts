import { readFile } from 'node:fs/promises';

import { type PackageIdent, parseIdent } from '@hab/ident';

import { failed } from './errors.ts';

/** What a plan says of itself, as far as it can be read without running it; absent where a value is computed. */
export interface PlanMetadata {
  readonly origin: string | undefined;
  readonly name: string | undefined;
  readonly version: string | undefined;
  readonly deps: readonly PackageIdent[] | undefined;
  readonly exposes: readonly string[];
  /** Exported keys and their paths. */
  readonly exports: ReadonlyMap<string, string>;
  /** Binds, required and optional, and the keys that each needs. */
  readonly binds: ReadonlyMap<string, readonly string[]>;
}

/** A plan is a script; a larger one is none. */
const MAX_PLAN_BYTES = 1024 * 1024;

export async function readPlanMetadata(path: string): Promise<PlanMetadata> {
  const bytes = await readFile(path);
  if (bytes.length > MAX_PLAN_BYTES)
    throw failed(`${path} has ${bytes.length} bytes: a plan has at most ${MAX_PLAN_BYTES}`);
  return parsePlanMetadata(new TextDecoder().decode(bytes));
}

/** Reads assignments of a plan's text; nothing of it is run. */
export function parsePlanMetadata(text: string): PlanMetadata {
  const { scalars, lists, tables } = readAssignments(text);
  const deps = lists.get('pkg_deps') ?? (scalars.has('pkg_deps') ? undefined : []);
  const binds = [...(tables.get('pkg_binds') ?? []), ...(tables.get('pkg_binds_optional') ?? [])];
  return {
    origin: scalars.get('pkg_origin'),
    name: scalars.get('pkg_name'),
    version: scalars.get('pkg_version'),
    deps: deps?.some(isComputed) || text.includes('pkg_deps+=') ? undefined : deps?.flatMap(tryIdent),
    exposes: lists.get('pkg_exposes') ?? [],
    exports: tables.get('pkg_exports') ?? new Map(),
    binds: new Map(binds.map(([name, keys]) => [name, keys.split(/\s+/).filter((key) => key !== '')])),
  };
}

interface Assignments {
  readonly scalars: ReadonlyMap<string, string>;
  readonly lists: ReadonlyMap<string, readonly string[]>;
  readonly tables: ReadonlyMap<string, ReadonlyMap<string, string>>;
}

const SCALAR = /^(pkg_[a-z_]+)=(?!\()(.*)$/;
const LIST = /^(?:declare[ \t]+-[aA][ \t]+)?(pkg_[a-z_]+)=\((.*)$/;

function readAssignments(text: string): Assignments {
  const scalars = new Map<string, string>();
  const lists = new Map<string, readonly string[]>();
  const tables = new Map<string, ReadonlyMap<string, string>>();
  const lines = text.split('\n');
  for (let i = 0; i < lines.length; i++) {
    const line = lines[i] ?? '';
    const scalar = SCALAR.exec(line);
    if (scalar !== null) {
      const [value] = wordsOf(expand(scalar[2] ?? '', scalars));
      if (value !== undefined && !isComputed(value)) scalars.set(scalar[1] ?? '', value);
      continue;
    }
    const [, name, rest] = LIST.exec(line) ?? [];
    if (name === undefined || rest === undefined) continue;
    const body = [rest];
    // The list ends with the first line that a closing parenthesis ends.
    while (!/\)[ \t]*(?:#.*)?$/.test(body.at(-1) ?? '') && i + 1 < lines.length) body.push(lines[++i] ?? '');
    const inside = body
      .map((part) => part.replace(/(^|[ \t])#.*$/, '$1'))
      .join('\n')
      .replace(/\)[ \t\n]*$/, '');
    const words = wordsOf(expand(inside, scalars));
    lists.set(name, words);
    tables.set(name, tableOf(words));
  }
  return { scalars, lists, tables };
}

/** Variables of the plan that stand above. */
const expand = (text: string, scalars: ReadonlyMap<string, string>): string =>
  text.replace(/\$\{?(pkg_[a-z_]+)\}?/g, (whole, name: string) => scalars.get(name) ?? whole);

const isComputed = (word: string): boolean => /[$`]/.test(word);

/** Words of a line of shell: quotes taken off, a comment left out. */
function wordsOf(text: string): string[] {
  const words: string[] = [];
  for (const match of text.matchAll(/((?:[^\s"'#]|"[^"]*"|'[^']*'|(?<=\S)#)+)|#[^\n]*/g)) {
    if (match[1] !== undefined) words.push(match[1].replace(/"([^"]*)"|'([^']*)'/g, '$1$2'));
  }
  return words;
}

/** `[key]=value` entries. */
function tableOf(words: readonly string[]): ReadonlyMap<string, string> {
  return new Map(
    words.flatMap((word): [string, string][] => {
      const [, key, value] = /^\[([^\]]+)\]=(.*)$/s.exec(word) ?? [];
      return key === undefined || value === undefined ? [] : [[key, value]];
    }),
  );
}

function tryIdent(text: string): PackageIdent[] {
  try {
    return [parseIdent(text)];
  } catch {
    return [];
  }
}
