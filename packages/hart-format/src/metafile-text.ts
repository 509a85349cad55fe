import {
  type FullIdent,
  formatIdent,
  isFullyQualified,
  isPackageTarget,
  type PackageIdent,
  type PackageTarget,
  parseIdent,
} from '@hab/ident';

import { HartError, shown } from './errors.ts';
import type { Metafile } from './metafile-names.ts';

/** Longest metafile that is looked at, in bytes. `MANIFEST` holds a whole plan, `FILES` a line for each file. */
export const MAX_METAFILE_BYTES: number = 16 * 1024 * 1024;

/**
 * Content of a metafile: strict UTF-8, trimmed, as every reader sees it.
 *
 * @throws {@link HartError} `HART_METAFILE_MALFORMED`, `HART_LIMIT_EXCEEDED` past {@link MAX_METAFILE_BYTES}.
 * @see spec/formats, 10.4
 */
export function decodeMetafile(metafile: Metafile, bytes: Uint8Array): string {
  if (bytes.length > MAX_METAFILE_BYTES) {
    throw new HartError('HART_LIMIT_EXCEEDED', `Metafile ${metafile} is longer than ${MAX_METAFILE_BYTES} bytes`, {
      details: { limit: 'metafileBytes', maximum: MAX_METAFILE_BYTES },
    });
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes).trim();
  } catch (cause) {
    throw new HartError('HART_METAFILE_MALFORMED', `Metafile ${metafile} is not UTF-8 text`, {
      details: { metafile },
      cause,
      hint: REINSTALL,
    });
  }
}

/** What a build writes into a metafile: one final newline, and no file at all for nothing. */
export function formatMetafile(text: string): string | undefined {
  const trimmed = text.trim();
  return trimmed === '' ? undefined : `${trimmed}\n`;
}

/** Lines without surrounding white space; blank ones left out. */
export function parseLines(text: string): string[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
}

/** @throws {@link HartError} `HART_METAFILE_MALFORMED`. */
export function parseIdentMetafile(text: string): FullIdent {
  return fullIdent('IDENT', text.trim());
}

/** @throws {@link HartError} `HART_METAFILE_MALFORMED`. */
export function parseTargetMetafile(text: string): PackageTarget {
  const target = text.trim();
  if (isPackageTarget(target)) return target;
  throw malformed('TARGET', target, 'is no package target');
}

/**
 * Lists of fully qualified packages: `DEPS`, `TDEPS`, `BUILD_DEPS`, `BUILD_TDEPS`, `RESOLVED_SERVICES`.
 *
 * @returns In the order of the file, repetitions included.
 * @throws {@link HartError} `HART_METAFILE_MALFORMED` for a line that is no fully qualified identifier.
 */
export function parseIdentLines(metafile: Metafile, text: string): FullIdent[] {
  return parseLines(text).map((line) => fullIdent(metafile, line));
}

/** Packages as written in a plan, need not be qualified: `SERVICES`. */
export function parseFuzzyIdentLines(metafile: Metafile, text: string): PackageIdent[] {
  return parseLines(text).map((line) => anyIdent(metafile, line));
}

/** One identifier a line. */
export function formatIdentLines(idents: readonly PackageIdent[]): string {
  return joinLines(idents.map(formatIdent));
}

/** Values kept as text, `KEY=value`, split at the first `=`. */
export type KeyValues = ReadonlyMap<string, string>;

/**
 * Reads `KEY=value` lines: environments, `EXPORTS`. A repeated key's last value wins.
 *
 * @throws {@link HartError} `HART_METAFILE_MALFORMED` for a line without `=`.
 */
export function parseKeyValues(metafile: Metafile, text: string): KeyValues {
  const values = new Map<string, string>();
  for (const line of parseLines(text)) {
    const at = line.indexOf('=');
    if (at === -1) throw malformed(metafile, line, 'has no =');
    values.set(line.slice(0, at), line.slice(at + 1));
  }
  return values;
}

/** `KEY=value` lines, sorted by key. */
export function formatKeyValues(values: KeyValues): string {
  return joinLines([...values].map(([key, value]) => `${key}=${value}`).sort());
}

/** What a bind asks of the service behind it. */
export interface BindDeclaration {
  readonly name: string;
  /** Names that the other package must export. */
  readonly exports: readonly string[];
}

/**
 * Reads `BINDS` and `BINDS_OPTIONAL`: `bind=export export...`. What follows a second `=` is ignored, as in the originals.
 *
 * @throws {@link HartError} `HART_METAFILE_MALFORMED` for a line without `=`.
 */
export function parseBindDeclarations(metafile: Metafile, text: string): BindDeclaration[] {
  return parseLines(text).map((line) => {
    const [name, exports] = line.split('=', 2);
    if (name === undefined || exports === undefined) throw malformed(metafile, line, 'has no =');
    return { name, exports: words(exports) };
  });
}

/** `bind=export export` lines, sorted by bind. */
export function formatBindDeclarations(binds: readonly BindDeclaration[]): string {
  return joinLines(binds.map(({ name, exports }) => `${name}=${exports.join(' ')}`).sort());
}

/**
 * Reads `EXPOSES`: ports separated by white space.
 *
 * @throws {@link HartError} `HART_METAFILE_MALFORMED` for anything but numbers of 16 bits.
 */
export function parseExposes(text: string): number[] {
  return words(text).map((word) => {
    const port = /^[0-9]{1,5}$/.test(word) ? Number(word) : Number.NaN;
    if (port <= 65_535) return port;
    throw malformed('EXPOSES', word, 'is no port');
  });
}

/** Ports separated by spaces. */
export function formatExposes(ports: readonly number[]): string {
  return ports.length === 0 ? '' : `${ports.join(' ')}\n`;
}

/** Separates entries of path lists; `;` in Windows packages. */
export type PathSeparator = ':' | ';';

/** Path lists: `PATH`, `RUNTIME_PATH`, `LD_RUN_PATH`, `PKG_CONFIG_PATH`. Empty entries are left out. */
export function parsePathList(text: string, separator: PathSeparator = ':'): string[] {
  return text
    .trim()
    .split(separator)
    .filter((entry) => entry !== '');
}

/** Entries joined by the separator. */
export function formatPathList(entries: readonly string[], separator: PathSeparator = ':'): string {
  return entries.length === 0 ? '' : `${entries.join(separator)}\n`;
}

/** Words separated by white space. */
export function words(text: string): string[] {
  return text.split(/\s+/).filter((word) => word !== '');
}

function joinLines(lines: readonly string[]): string {
  return lines.map((line) => `${line}\n`).join('');
}

function fullIdent(metafile: Metafile, line: string): FullIdent {
  const ident = anyIdent(metafile, line);
  if (isFullyQualified(ident)) return ident;
  throw malformed(metafile, line, 'is not fully qualified');
}

function anyIdent(metafile: Metafile, line: string): PackageIdent {
  try {
    return parseIdent(line);
  } catch (cause) {
    throw malformed(metafile, line, 'is no package identifier', cause);
  }
}

const REINSTALL = 'The package was damaged or built by a defective tool. Uninstall it and install it again.';

/** An error about one line of a metafile. */
export function malformed(
  metafile: Metafile,
  line: string,
  what: string,
  cause?: unknown,
): HartError<'HART_METAFILE_MALFORMED'> {
  return new HartError('HART_METAFILE_MALFORMED', `Metafile ${metafile} is malformed: '${shown(line)}' ${what}`, {
    details: { metafile, line: shown(line) },
    cause,
    hint: REINSTALL,
  });
}
