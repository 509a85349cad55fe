import { BUILT_REPORT } from '../../src/index.ts';

/** What the original made of a plan. */
export interface RecordedCase {
  readonly metafiles: Readonly<Record<string, string>>;
  readonly members: readonly RecordedMember[];
  readonly results: Readonly<Record<string, string>>;
}

export interface RecordedMember {
  readonly path: string;
  readonly type: 'file' | 'dir' | 'link';
  /** Octal digits. */
  readonly mode: string;
  readonly uid: number;
  readonly gid: number;
  readonly size?: number;
  readonly target?: string;
  readonly text?: string;
}

/** A check that does not hold. */
export interface Failure {
  readonly name: string;
  readonly expected: string;
  readonly got: string;
}

export interface CaseReport {
  readonly passed: number;
  readonly failures: readonly Failure[];
}

/** What we made of the same plan. */
export interface BuiltCase {
  readonly metafiles: ReadonlyMap<string, string>;
  readonly members: readonly RecordedMember[];
  readonly results: ReadonlyMap<string, string>;
}

/** Files whose lines come from an associative array: the original writes them in its hash order. */
const UNORDERED = new Set([
  'BINDS',
  'BINDS_OPTIONAL',
  'BUILDTIME_ENVIRONMENT',
  'BUILDTIME_ENVIRONMENT_PROVENANCE',
  'EXPORTS',
  'RUNTIME_ENVIRONMENT',
  'RUNTIME_ENVIRONMENT_PROVENANCE',
]);
/** Of our own wording. */
const OWN_WORDS = new Set(['FILES', 'MANIFEST']);

/**
 * Compares a build with its record.
 *
 * @param replace - Fills in the placeholders of the record.
 */
export function checkRecordedCase(
  name: string,
  recorded: RecordedCase,
  built: BuiltCase,
  replace: (text: string) => string,
): CaseReport {
  const failures: Failure[] = [];
  let passed = 0;
  const check = (what: string, expected: string, got: string): void => {
    if (expected === got) passed++;
    else failures.push({ name: `${name}: ${what}`, expected, got });
  };
  const metafiles = new Set([...Object.keys(recorded.metafiles), ...built.metafiles.keys()]);
  for (const file of [...metafiles].filter((each) => !OWN_WORDS.has(each)).sort()) {
    const shape = UNORDERED.has(file) ? sortedLines : (text: string): string => text;
    const expected = recorded.metafiles[file];
    check(
      file,
      expected === undefined ? 'no such file' : shape(replace(expected)),
      shape(built.metafiles.get(file) ?? 'no such file'),
    );
  }
  const gotMembers = new Map(built.members.map((member) => [member.path, member]));
  for (const member of recorded.members) {
    const path = replace(member.path);
    check(
      path,
      describe(member, member, replace),
      describe(gotMembers.get(path), member, (text) => text),
    );
    gotMembers.delete(path);
  }
  check('other members', '', [...gotMembers.keys()].join('\n'));
  for (const [file, text] of Object.entries(recorded.results)) {
    check(file, replace(text), (built.results.get(file) ?? 'no such file').replace(/\b[0-9a-f]{64}\b/g, '{hex}'));
  }
  // The original has no report for programs.
  const isOurs = (file: string): boolean => file === BUILT_REPORT || file.endsWith('.hart');
  const extra = [...built.results.keys()].filter((file) => !(file in recorded.results) && !isOurs(file));
  check('other results', '', extra.join('\n'));
  return { passed, failures };
}

const sortedLines = (text: string): string => text.split('\n').sort().join('\n');

/** One line of what the record tells about a member; what it leaves out is not compared. */
function describe(
  member: RecordedMember | undefined,
  wanted: RecordedMember,
  replace: (text: string) => string,
): string {
  if (member === undefined) return 'no such member';
  const { type, mode, uid, gid } = member;
  const parts = [type, mode, `${uid}:${gid}`];
  if (wanted.size !== undefined) parts.push(`${member.size} bytes`);
  if (wanted.target !== undefined) parts.push(`-> ${replace(member.target ?? '')}`);
  if (wanted.text !== undefined) parts.push(replace(member.text ?? 'no text'));
  return parts.join(' ');
}
