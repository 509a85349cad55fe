import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { hashFile } from '@hab/crypto-keys/node';
import { type HartMember, listHart, type SigningKeys, unpackHart } from '@hab/hart/node';

/** One thing that two artifacts disagree about. */
export interface ArtifactDifference {
  /** Member, without the path of the package; `.` is the package itself. */
  readonly path: string;
  readonly what:
    | 'missing'
    | 'added'
    | 'type'
    | 'mode'
    | 'owner'
    | 'time'
    | 'target'
    | 'content'
    | 'signature'
    | 'order';
  /** Of the artifact, and of the rebuilt one, as a person reads it. */
  readonly expected?: string;
  readonly actual?: string;
}

export interface Artifact {
  readonly path: string;
  readonly keys: SigningKeys;
}

/** A text longer than this is told by its digest alone. */
const MAX_TEXT_BYTES = 64 * 1024;
const MAX_LINE_LENGTH = 160;

/**
 * What differs between two artifacts of one package, member by member.
 *
 * @param scratch - Folder for what is unpacked; it must exist.
 */
export async function compareArtifacts(
  expected: Artifact,
  actual: Artifact,
  { scratch, signal }: { readonly scratch: string; readonly signal: AbortSignal },
): Promise<readonly ArtifactDifference[]> {
  const [left, right] = [
    await open(expected, join(scratch, 'expected'), signal),
    await open(actual, join(scratch, 'actual'), signal),
  ];
  const differences: ArtifactDifference[] = [];
  for (const path of [...new Set([...left.members.keys(), ...right.members.keys()])].sort()) {
    const [a, b] = [left.members.get(path), right.members.get(path)];
    if (a === undefined) differences.push({ path, what: 'added' });
    else if (b === undefined) differences.push({ path, what: 'missing' });
    else differences.push(...compareMembers(path, a, b), ...(await compareContent(path, a, left.root, b, right.root)));
  }
  if (differences.length === 0 && [...left.members.keys()].join('\0') !== [...right.members.keys()].join('\0')) {
    differences.push({ path: '.', what: 'order' });
  }
  return differences;
}

interface OpenArtifact {
  readonly root: string;
  readonly members: ReadonlyMap<string, HartMember>;
}

async function open({ path, keys }: Artifact, into: string, signal: AbortSignal): Promise<OpenArtifact> {
  const { directory } = await unpackHart(path, { into, keys, signal });
  const top = directory.slice(into.length + 1);
  const members = (await listHart(path, { signal })).map((member) => [withoutTop(member.path, top), member] as const);
  return { root: directory, members: new Map(members) };
}

function withoutTop(path: string, top: string): string {
  const clean = path.replace(/^\.?\//, '').replace(/\/$/, '');
  return clean === top ? '.' : clean.slice(top.length + 1);
}

function compareMembers(path: string, a: HartMember, b: HartMember): ArtifactDifference[] {
  const differences: ArtifactDifference[] = [];
  const compare = (what: ArtifactDifference['what'], tell: (member: HartMember) => string): void => {
    const [expected, actual] = [tell(a), tell(b)];
    if (expected !== actual) differences.push({ path, what, expected, actual });
  };
  compare('type', ({ type }) => type ?? 'other');
  compare('mode', ({ mode }) => mode.toString(8).padStart(4, '0'));
  compare('owner', ({ uid, gid }) => `${uid}:${gid}`);
  compare('time', ({ mtimeSec }) => new Date(mtimeSec * 1000).toISOString());
  compare('target', ({ linkName }) => linkName ?? '');
  return differences;
}

async function compareContent(
  path: string,
  a: HartMember,
  left: string,
  b: HartMember,
  right: string,
): Promise<ArtifactDifference[]> {
  if (a.type !== 'file' || b.type !== 'file') return [];
  const files = [join(left, path), join(right, path)] as const;
  const [expected, actual] = [await hashFile(files[0]), await hashFile(files[1])];
  if (expected === actual) return [];
  if (Math.max(a.sizeBytes, b.sizeBytes) > MAX_TEXT_BYTES) return [{ path, what: 'content', expected, actual }];
  const [before, after] = [await readFile(files[0], 'latin1'), await readFile(files[1], 'latin1')];
  // FILES is signed on its own: the list begins after the empty line that ends the signature.
  if (path === 'FILES' && signedText(before) === signedText(after)) return [{ path, what: 'signature' }];
  return [{ path, what: 'content', ...(firstDifference(before, after) ?? { expected, actual }) }];
}

const signedText = (text: string): string => text.slice(text.indexOf('\n\n'));

/** The first line that differs, of texts that a terminal can show. */
function firstDifference(a: string, b: string): { readonly expected: string; readonly actual: string } | undefined {
  if (/[\0-\x08\x0b-\x1f\x7f]/.test(a + b)) return undefined;
  const [before, after] = [a.split('\n'), b.split('\n')];
  const at = before.findIndex((line, index) => line !== after[index]);
  const tell = (lines: readonly string[]): string =>
    `line ${(at === -1 ? before.length : at) + 1}: ${(lines[at === -1 ? before.length : at] ?? '(end)').slice(0, MAX_LINE_LENGTH)}`;
  return { expected: tell(before), actual: tell(after) };
}
