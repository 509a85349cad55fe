import { KeysError, shownLine } from './errors.ts';

/** A key's name with the moment it was made: `happyhumans-20160424223347`. */
export interface NamedRevision {
  readonly name: string;
  /** `YYYYMMDDhhmmss` in UTC. Only its 14 digits are checked. */
  readonly revision: string;
}

/** Longest named revision that is looked at, in UTF-16 units: longer ones cannot be file names. */
export const MAX_NAMED_REVISION_LENGTH = 255;

const REVISION = /^[0-9]{14}$/;
const SUFFIX_LENGTH = 15;

/**
 * Splits at the last `-`, which 14 digits must follow.
 *
 * @throws {@link KeysError} `KEYS_NAMED_REVISION_INVALID`, text `Cannot parse named revision '<text>'`.
 * @see spec/formats, 7.2
 */
export function parseNamedRevision(text: string): NamedRevision {
  const at = text.length - SUFFIX_LENGTH;
  const name = text.slice(0, Math.max(at, 0));
  if (isNamedRevisionAt(text, at, name)) return { name, revision: text.slice(at + 1) };
  const shown = shownLine(text);
  throw new KeysError('KEYS_NAMED_REVISION_INVALID', `Cannot parse named revision '${shown}'`, {
    details: { text: shown },
    hint: 'It is a name, a hyphen and 14 digits, for example acme-20180710122645.',
  });
}

/** True for what {@link parseNamedRevision} accepts. */
export function isNamedRevision(text: string): boolean {
  const at = text.length - SUFFIX_LENGTH;
  return isNamedRevisionAt(text, at, text.slice(0, Math.max(at, 0)));
}

/** `<name>-<revision>` */
export function formatNamedRevision({ name, revision }: NamedRevision): string {
  return `${name}-${revision}`;
}

/** True for 14 digits. */
export function isRevision(text: string): boolean {
  return REVISION.test(text);
}

function isNamedRevisionAt(text: string, at: number, name: string): boolean {
  if (at < 1 || text.length > MAX_NAMED_REVISION_LENGTH || text[at] !== '-') return false;
  return isRevision(text.slice(at + 1)) && !name.includes('\n');
}
