// The suite `ident`: case files as vectors/ident/ident.json against @hab/ident.
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';

import {
  artifactName,
  compareByParts,
  comparePartial,
  compareTotal,
  compareVersions,
  formatBind,
  formatIdent,
  formatServiceGroup,
  isFullyQualified,
  isOriginName,
  isUploadableIdent,
  parseBind,
  parseIdent,
  parseServiceGroup,
  parseTarget,
  satisfies,
} from '../../packages/ident/dist/index.js';
import { createTally, type Tally } from './support/tally.ts';

type Case = Readonly<Record<string, unknown>>;

/** How each list of a case file is answered. What a case does not mention is not asked. */
const ANSWERS: Readonly<Record<string, (given: Case) => Case>> = {
  versions: ({ a, b }) => ({ compare: compareVersions(text(a), text(b)) }),
  idents: (given) => {
    const ident = parseIdent(text(given['text']));
    const { origin, name, version = null, release = null } = ident;
    const fq = isFullyQualified(ident);
    const archive = fq ? artifactName(ident, 'x86_64-linux') : null;
    return { origin, name, version, release, fq, valid: isUploadableIdent(ident), archive, text: formatIdent(ident) };
  },
  order: ({ a, b }) => {
    const [x, y] = [parseIdent(text(a)), parseIdent(text(b))];
    const partial = comparePartial(x, y) ?? null;
    return { cmp: compareTotal(x, y), partial, by_parts: compareByParts(x, y), satisfies: satisfies(x, y) };
  },
  groups: (given) => {
    const { service, group, organization = null } = parseServiceGroup(text(given['text']));
    return { service, group, org: organization };
  },
  binds: (given) => {
    const bind = parseBind(text(given['text']));
    return { name: bind.name, group: formatServiceGroup(bind.serviceGroup), text: formatBind(bind) };
  },
  origins: (given) => ({ valid: isOriginName(text(given['text'])) }),
  targets: (given) => ({ text: parseTarget(text(given['text'])) }),
};

/** Checks a file, or every `.json` file of a folder that has such lists. */
export async function run(path: string) {
  const tally = createTally();
  for (const file of await caseFiles(path)) {
    const lists = JSON.parse(await readFile(file, 'utf8')) as Readonly<Record<string, readonly Case[]>>;
    for (const [list, answer] of Object.entries(ANSWERS)) {
      for (const given of lists[list] ?? []) check(tally, list, given, answer);
    }
  }
  return tally.report();
}

function check(tally: Tally, list: string, given: Case, answer: (given: Case) => Case): void {
  const name = `${list} ${JSON.stringify(given['text'] ?? [given['a'], given['b']])}`;
  // Where the original crashes any answer is right.
  if (given['panic'] !== undefined) tally.equal(name, 'an answer', isAnswer(given, answer) ? 'an answer' : 'an error');
  else if (given['error'] === true) tally.equal(name, 'an error', isAnswer(given, answer) ? 'an answer' : 'an error');
  else checkAnswer(tally, name, given, answer);
}

function isAnswer(given: Case, answer: (given: Case) => Case): boolean {
  try {
    answer(given);
    return true;
  } catch {
    return false;
  }
}

function checkAnswer(tally: Tally, name: string, given: Case, answer: (given: Case) => Case): void {
  let got: Case;
  try {
    got = answer(given);
  } catch (error) {
    tally.equal(name, JSON.stringify(given), String(error));
    return;
  }
  const wanted = Object.fromEntries(Object.entries(given).filter(([key]) => key in got));
  const asked = Object.fromEntries(Object.keys(wanted).map((key) => [key, got[key]]));
  tally.equal(name, JSON.stringify(wanted), JSON.stringify(asked));
}

async function caseFiles(path: string): Promise<string[]> {
  if (!(await stat(path)).isDirectory()) return [path];
  return (await readdir(path))
    .filter((name) => name.endsWith('.json'))
    .sort()
    .map((name) => join(path, name));
}

function text(value: unknown): string {
  if (typeof value === 'string') return value;
  throw new Error(`not a text: ${JSON.stringify(value)}`);
}
