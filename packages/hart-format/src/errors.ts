import { HabError, isHabError } from '@hab/core';

/** What is wrong with a compressed body. */
export type BodyProblem = 'xz' | 'trailing-data' | 'tar' | 'empty';

/** Why a member of an archive may not be unpacked. */
export type MemberProblem =
  | 'outside-prefix'
  | 'unsafe-path'
  | 'path-too-long'
  | 'unsupported-type'
  | 'through-a-link'
  | 'link-target'
  | 'replaces-directory';

/** What can be limited while an archive is read. */
export type ArchiveLimit = 'members' | 'unpackedBytes' | 'ratio' | 'metafileBytes';

/** What a tree has that cannot be packed. */
export type TreeProblem = 'unsupported-type' | 'changed' | 'not-a-directory' | 'path-too-long';

/** One entry per code: what `details` carries. */
export interface HartErrorDetails {
  HART_HEADER_INVALID: { readonly line: 1 | 2 | 3 | 4 | 5; readonly found?: string | undefined };
  /** The signature is good, but what it signs is no hash. */
  HART_SIGNED_HASH_INVALID: { readonly keyName: string };
  HART_HASH_MISMATCH: { readonly expected: string; readonly actual: string };
  HART_BODY_INVALID: { readonly problem: BodyProblem };
  HART_MEMBER_REFUSED: { readonly member: string; readonly problem: MemberProblem };
  HART_LIMIT_EXCEEDED: { readonly limit: ArchiveLimit; readonly maximum: number };
  HART_METAFILE_NOT_FOUND: { readonly metafile: string };
  HART_METAFILE_MALFORMED: { readonly metafile: string; readonly line?: string | undefined };
  /** `IDENT` and the path of the members, or what the caller asked for, are not the same package. */
  HART_IDENT_MISMATCH: { readonly expected: string; readonly actual: string };
  HART_TARGET_MISMATCH: { readonly expected: string; readonly actual: string };
  HART_TREE_INVALID: { readonly path: string; readonly problem: TreeProblem };
  HART_OPTION_INVALID: { readonly option: string };
  /** The file system refused; `systemCode` is for example `ENOSPC`. */
  HART_IO_FAILED: { readonly path: string; readonly systemCode: string };
  /** The worker thread could not start or died. */
  HART_WORKER_FAILED: { readonly workerUrl: string };
}
export type HartErrorCode = keyof HartErrorDetails;

/** The one error class of this package. Errors about keys and signatures are those of `@hab/crypto-keys`. */
export class HartError<C extends HartErrorCode = HartErrorCode> extends HabError<C, HartErrorDetails[C]> {
  override readonly name = 'HartError';
}

/** Tells an error of this package by its code, across copies of the package. */
export function isHartError<C extends HartErrorCode>(value: unknown, code: C): value is HartError<C> {
  return isHabError(value, code);
}

const SHOWN_CHARS = 160;

/** Hostile text as an error may show it: shortened, control characters escaped. */
export function shown(text: string): string {
  const short = text.length > SHOWN_CHARS ? `${text.slice(0, SHOWN_CHARS)}…` : text;
  return short.replace(/[\u0000-\u001f\u007f]/g, (char) => `\\x${char.charCodeAt(0).toString(16).padStart(2, '0')}`);
}
