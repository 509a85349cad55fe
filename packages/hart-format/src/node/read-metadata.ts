import type { AbortOptions } from '@hab/core';
import type { FullIdent } from '@hab/ident';
import { HartError } from '../errors.ts';
import type { HartHeader } from '../header.ts';
import { type ArchiveLimits, DEFAULT_ARCHIVE_LIMITS, exceeded } from '../limits.ts';
import { decodeByteString, prefixOfMember, splitMemberPath } from '../member-path.ts';
import { ARTIFACT_METAFILES, type HartMetadata, type MetafileTexts, parseHartMetadata } from '../metadata.ts';
import { isMetafile, type Metafile } from '../metafile-names.ts';
import { decodeMetafile, MAX_METAFILE_BYTES } from '../metafile-text.ts';
import { type HartFile, openHart } from './hart-file.ts';
import { withPath } from './io-error.ts';
import type { ProgressOptions } from './progress.ts';
import type { EntrySink, TarEntry } from './tar-reader.ts';

/** Options of {@link readHartMetadata} and {@link listHart}. */
export interface ReadOptions extends AbortOptions, ProgressOptions {
  /** @defaultValue {@link DEFAULT_ARCHIVE_LIMITS} */
  readonly limits?: Partial<ArchiveLimits> | undefined;
}

/** What an artifact says about itself. Nothing of it is authentic before {@link verifyHart}. */
export interface ReadHart {
  readonly header: HartHeader;
  readonly metadata: HartMetadata;
  /** The metafiles that {@link ARTIFACT_METAFILES} names, trimmed. */
  readonly texts: MetafileTexts;
}

/**
 * Reads the metafiles of an artifact in one bounded pass, without unpacking and without checking its signature.
 *
 * @throws {@link HartError} `HART_HEADER_INVALID`, `HART_BODY_INVALID`, `HART_LIMIT_EXCEEDED`, `HART_METAFILE_NOT_FOUND`,
 *   `HART_METAFILE_MALFORMED`, `HART_IO_FAILED`; the signal's reason.
 * @see spec/formats, 9.2
 */
export async function readHartMetadata(path: string, options: ReadOptions = {}): Promise<ReadHart> {
  return await withPath(path, async () => {
    await using file = await openHart(path);
    const contents = new Map<Metafile, Uint8Array>();
    await visitMembers(file, options, (entry) => collect(entry, contents));
    const texts = new Map(
      [...contents].map(([metafile, bytes]) => [metafile, decodeMetafile(metafile, bytes)] as const),
    );
    return { header: file.header, metadata: parseHartMetadata(texts), texts };
  });
}

/** One member as an artifact lists it. */
export interface HartMember {
  readonly path: string;
  /** undefined for kinds that are never unpacked. */
  readonly type: 'file' | 'directory' | 'symlink' | 'link' | undefined;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly mtimeSec: number;
  readonly sizeBytes: number;
  readonly linkName?: string | undefined;
}

/**
 * Lists the members of an artifact in their order, unverified.
 *
 * @throws What {@link readHartMetadata} throws about body and limits.
 */
export async function listHart(path: string, options: ReadOptions = {}): Promise<HartMember[]> {
  return await withPath(path, async () => {
    await using file = await openHart(path);
    const members: HartMember[] = [];
    await visitMembers(file, options, (entry) => {
      const { type, mode, uid, gid, mtimeSec, sizeBytes } = entry;
      const linkName = entry.linkName === '' ? undefined : decodeByteString(entry.linkName);
      members.push({ path: decodeByteString(entry.name), type, mode, uid, gid, mtimeSec, sizeBytes, linkName });
      return undefined;
    });
    return members;
  });
}

/** Ends a pass as soon as the answer is known. */
class Enough extends Error {}

/**
 * The package that an artifact claims to hold, by the path of its first members: a glance at the beginning of the file.
 *
 * @throws {@link HartError} as {@link readHartMetadata}; `HART_METAFILE_NOT_FOUND` when no member tells.
 */
export async function peekHartIdent(path: string, options: ReadOptions = {}): Promise<FullIdent> {
  return await withPath(path, async () => {
    await using file = await openHart(path);
    let ident: FullIdent | undefined;
    try {
      await visitMembers(file, options, (entry) => {
        ident = prefixOfMember(entry.name, splitMemberPath(entry.name))?.ident;
        if (ident !== undefined) throw new Enough();
        return undefined;
      });
    } catch (error) {
      if (!(error instanceof Enough)) throw error;
    }
    if (ident !== undefined) return ident;
    throw new HartError('HART_METAFILE_NOT_FOUND', `No package is in ${path}`, { details: { metafile: 'IDENT' } });
  });
}

async function visitMembers(
  file: HartFile,
  { limits: wanted, signal, onProgress }: ReadOptions,
  visit: (entry: TarEntry) => EntrySink | undefined,
): Promise<void> {
  // Loaded when it is needed: decoder and tar reader cost memory and time that signing and verifying can do without.
  const [{ BodySource }, { readTar }] = await Promise.all([import('./body-source.ts'), import('./tar-reader.ts')]);
  const limits = { ...DEFAULT_ARCHIVE_LIMITS, ...wanted };
  const checkpoint = (bytes: number): void => {
    signal?.throwIfAborted();
    onProgress?.({ type: 'hart:unpacked', bytes });
  };
  const extent = { fd: file.fd, bodyOffset: file.header.bodyOffset, bodyBytes: file.bodyBytes };
  await readTar(new BodySource(extent, { limits, checkpoint }).unpacked(), limits.members, visit);
}

const MEMBER = /^\/?(?:opt\/)?hab\/pkgs\/[^/]+\/[^/]+\/[^/]+\/[^/]+\/([^/]+)$/;
const WANTED: ReadonlySet<Metafile> = new Set(ARTIFACT_METAFILES);

/** A later member of the same name wins. */
function collect(entry: TarEntry, contents: Map<Metafile, Uint8Array>): EntrySink | undefined {
  const metafile = MEMBER.exec(entry.name)?.[1];
  if (entry.type !== 'file' || metafile === undefined || !isMetafile(metafile) || !WANTED.has(metafile))
    return undefined;
  if (entry.sizeBytes > MAX_METAFILE_BYTES) throw exceeded('metafileBytes', MAX_METAFILE_BYTES);
  const content = new Uint8Array(entry.sizeBytes);
  let filled = 0;
  contents.set(metafile, content);
  return {
    write(chunk) {
      content.set(chunk, filled);
      filled += chunk.length;
    },
    end: () => undefined,
  };
}
