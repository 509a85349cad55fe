import { extract, type Header } from 'tar-stream';

import { exceeded } from '../limits.ts';
import { type ByteString, encodeByteString, MAX_MEMBER_PATH_BYTES, refuseMember } from '../member-path.ts';
import { invalidBody } from '../xz-container.ts';

/** One member of an archive, before anything about it was judged. */
export interface TarEntry {
  readonly name: ByteString;
  /** undefined for kinds that no artifact has. */
  readonly type: 'file' | 'directory' | 'symlink' | 'link' | undefined;
  /** Permission bits. */
  readonly mode: number;
  readonly mtimeSec: number;
  readonly sizeBytes: number;
  readonly uid: number;
  readonly gid: number;
  readonly linkName: ByteString;
}

/** Takes the content of one file. */
export interface EntrySink {
  write(chunk: Uint8Array): void;
  end(): void;
}

/** Called for every member, in order. @returns Where its content goes; undefined to skip it. */
export type VisitEntry = (entry: TarEntry) => EntrySink | undefined;

/** An option that the library's types do not know. */
const NAMES_AS_BYTES = { filenameEncoding: 'latin1' } as Parameters<typeof extract>[0];

/**
 * Reads a tar. Everything happens synchronously per member, which decides a factor of eight on small files.
 *
 * @throws {@link HartError} `HART_BODY_INVALID` for what is no tar, `HART_LIMIT_EXCEEDED`; whatever `visit` and the sinks throw.
 */
export async function readTar(source: AsyncIterable<Uint8Array>, maxMembers: number, visit: VisitEntry): Promise<void> {
  const archive = extract(NAMES_AS_BYTES);
  let failure: unknown;
  let members = 0;
  archive.on('entry', (header, content, next) => {
    // An error of the content that nobody listens to would end the process; the archive tells it, too.
    content.on('error', () => undefined);
    try {
      members += 1;
      if (members > maxMembers) throw exceeded('members', maxMembers);
      const entry = toEntry(header);
      if (entry.name.length > MAX_MEMBER_PATH_BYTES) throw refuseMember(entry.name, 'path-too-long');
      if (entry.linkName.length > MAX_MEMBER_PATH_BYTES) throw refuseMember(entry.name, 'link-target');
      // The library waits for ever for the end of a size that it could not read.
      if (!Number.isSafeInteger(entry.sizeBytes)) throw invalidBody('tar', 'has a member without a size');
      // Readers disagree about where such a directory ends; the library never ends it.
      if (entry.type === 'directory' && entry.sizeBytes > 0) throw invalidBody('tar', 'has a directory with content');
      const sink = visit(entry);
      // The library's chunks are what was written to it; its types say unknown.
      content.on('data', (chunk) => guarded(() => sink?.write(chunk as Uint8Array)));
      content.on('end', () => guarded(() => sink?.end()) && next());
    } catch (error) {
      fail(error);
    }
  });
  const fail = (error: unknown): false => {
    failure ??= error;
    archive.destroy(error instanceof Error ? error : new Error(String(error)));
    return false;
  };
  const guarded = (action: () => void): boolean => {
    try {
      action();
      return true;
    } catch (error) {
      return fail(error);
    }
  };
  const closed = new Promise<void>((resolve) => archive.on('close', resolve));
  archive.on('error', (error) => {
    failure ??= invalidBody('tar', 'holds no tar', error);
  });
  for await (const chunk of source) {
    if (failure !== undefined) break;
    if (!archive.write(chunk))
      await Promise.race([new Promise<void>((resolve) => archive.once('drain', resolve)), closed]);
  }
  if (failure === undefined) archive.end(undefined);
  await closed;
  if (failure !== undefined) throw failure;
}

const TYPES: ReadonlyMap<string | null, TarEntry['type']> = new Map<string | null, TarEntry['type']>([
  ['file', 'file'],
  ['contiguous-file', 'file'],
  ['directory', 'directory'],
  ['symlink', 'symlink'],
  ['link', 'link'],
]);

function toEntry(header: Header): TarEntry {
  const pax = (header.pax ?? {}) as { readonly path?: unknown; readonly linkpath?: unknown }; // untyped by the library
  const linkName: string | null = header.linkname;
  return {
    // PAX records are UTF-8 text, everything else came as bytes.
    name: pax.path === undefined ? header.name : encodeByteString(header.name),
    linkName: pax.linkpath === undefined ? (linkName ?? '') : encodeByteString(linkName ?? ''),
    type: TYPES.get(header.type),
    mode: header.mode & 0o7777,
    mtimeSec: Math.floor(header.mtime.getTime() / 1000) || 0,
    sizeBytes: header.size,
    uid: header.uid,
    gid: header.gid,
  };
}
