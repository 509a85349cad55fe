import {
  chmodSync,
  closeSync,
  constants,
  fchmodSync,
  futimesSync,
  linkSync,
  lstatSync,
  lutimesSync,
  mkdirSync,
  openSync,
  symlinkSync,
  unlinkSync,
  utimesSync,
  writeSync,
} from 'node:fs';
import type { FullIdent } from '@hab/ident';

import { exceeded } from '../limits.ts';
import {
  type ByteString,
  encodeByteString,
  isAlongPrefix,
  type MemberPrefix,
  prefixOfMember,
  refuseMember,
  requireSamePackage,
  splitMemberPath,
} from '../member-path.ts';
import type { EntrySink, TarEntry } from './tar-reader.ts';

interface DirectoryFacts {
  readonly mode: number;
  readonly mtimeSec: number;
}

const PRIVATE_DIRECTORY_MODE = 0o700;
const PARENT_MODE = 0o755;
const NEW_FILE = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW;

/**
 * Writes the members of one package below a private, empty directory. A member goes only into directories that this
 * extraction made, so no link of the archive is ever followed. Modes and times of directories come last.
 */
export class Extraction {
  #prefix: MemberPrefix | undefined;
  readonly #root: ByteString;
  readonly #expected: FullIdent | undefined;
  readonly #maxMembers: number;
  readonly #directories = new Map<ByteString, DirectoryFacts | undefined>();
  #members = 0;
  #openFile: number | undefined;

  /** @param maxMembers - Bounds the directories too: one long name stands for thousands of them. */
  constructor(root: string, expected: FullIdent | undefined, maxMembers: number) {
    this.#root = encodeByteString(root);
    this.#expected = expected;
    this.#maxMembers = maxMembers;
  }

  /** Number of members so far. */
  get members(): number {
    return this.#members;
  }

  /** The package's place below the root and its identifier by the paths; undefined when no member told. */
  get prefix(): MemberPrefix | undefined {
    return this.#prefix;
  }

  /** One member. @returns Where its content goes. @throws {@link HartError} `HART_MEMBER_REFUSED`, `HART_IDENT_MISMATCH`. */
  visit(entry: TarEntry): EntrySink | undefined {
    const pieces = this.#judge(entry);
    this.#members += 1;
    if (entry.type === 'directory') return this.#directory(pieces, entry);
    const parent = pieces.slice(0, -1);
    this.#requireDirectory(parent, entry);
    const path = join(pieces);
    if (this.#directories.has(path)) throw refuseMember(entry.name, 'replaces-directory');
    if (entry.type === 'file') return this.#file(path, entry);
    if (entry.type === 'symlink') return this.#symlink(path, entry);
    return this.#hardLink(path, entry);
  }

  /** Gives directories their modes and times, children first. */
  finish(): void {
    const paths = [...this.#directories.keys()].sort().reverse();
    for (const path of paths) {
      const facts = this.#directories.get(path) ?? { mode: PARENT_MODE, mtimeSec: undefined };
      chmodSync(this.#bytes(path), facts.mode);
      if (facts.mtimeSec !== undefined) utimesSync(this.#bytes(path), facts.mtimeSec, facts.mtimeSec);
    }
  }

  /** Closes the file that a failure left open. */
  close(): void {
    const fd = this.#openFile;
    this.#openFile = undefined;
    if (fd !== undefined) closeSync(fd);
  }

  #judge(entry: TarEntry): readonly string[] {
    if (entry.type === undefined) throw refuseMember(entry.name, 'unsupported-type');
    const pieces = splitMemberPath(entry.name);
    this.#prefix ??= this.#firstPrefix(entry.name, pieces);
    if (this.#prefix !== undefined && !isAlongPrefix(pieces, this.#prefix))
      throw refuseMember(entry.name, 'outside-prefix');
    const above = this.#prefix === undefined || pieces.length <= this.#prefix.pieces.length;
    if (above && entry.type !== 'directory') throw refuseMember(entry.name, 'outside-prefix');
    return pieces;
  }

  #firstPrefix(name: ByteString, pieces: readonly string[]): MemberPrefix | undefined {
    const prefix = prefixOfMember(name, pieces);
    if (prefix !== undefined && this.#expected !== undefined) {
      requireSamePackage(this.#expected, prefix.ident, 'the archive holds');
    }
    return prefix;
  }

  #directory(pieces: readonly string[], entry: TarEntry): undefined {
    this.#requireDirectory(pieces, entry);
    this.#directories.set(join(pieces), { mode: entry.mode, mtimeSec: entry.mtimeSec });
    return undefined;
  }

  /** Makes missing directories, one piece at a time: a link in the way is an error, never followed. */
  #requireDirectory(pieces: readonly string[], entry: TarEntry): void {
    if (this.#directories.has(join(pieces))) return;
    for (let depth = 1; depth <= pieces.length; depth++) {
      const path = join(pieces.slice(0, depth));
      if (this.#directories.has(path)) continue;
      if (this.#directories.size >= this.#maxMembers) throw exceeded('members', this.#maxMembers);
      try {
        mkdirSync(this.#bytes(path), PRIVATE_DIRECTORY_MODE);
      } catch (error) {
        if (codeOf(error) === 'EEXIST') throw refuseMember(entry.name, 'through-a-link');
        throw error;
      }
      this.#directories.set(path, undefined);
    }
  }

  /** Makes something that must not exist yet. A later member of the same name wins, as in every tar. */
  #make<T>(path: ByteString, action: (bytes: Buffer) => T): T {
    const bytes = this.#bytes(path);
    try {
      return action(bytes);
    } catch (error) {
      if (codeOf(error) !== 'EEXIST') throw error;
      unlinkSync(bytes);
      return action(bytes);
    }
  }

  #file(path: ByteString, entry: TarEntry): EntrySink {
    const fd = this.#make(path, (bytes) => openSync(bytes, NEW_FILE, 0o600));
    this.#openFile = fd;
    return {
      write: (chunk) => writeWhole(fd, chunk),
      end: () => {
        fchmodSync(fd, entry.mode);
        futimesSync(fd, entry.mtimeSec, entry.mtimeSec);
        this.close();
      },
    };
  }

  #symlink(path: ByteString, entry: TarEntry): undefined {
    if (entry.linkName === '' || entry.linkName.includes('\0')) throw refuseMember(entry.name, 'link-target');
    this.#make(path, (bytes) => symlinkSync(toBytes(entry.linkName), bytes));
    lutimesSync(this.#bytes(path), entry.mtimeSec, entry.mtimeSec);
    return undefined;
  }

  #hardLink(path: ByteString, entry: TarEntry): undefined {
    const pieces = splitMemberPath(entry.linkName);
    const inside = this.#prefix !== undefined && isAlongPrefix(pieces, this.#prefix);
    const source = join(pieces);
    if (!inside || !this.#directories.has(join(pieces.slice(0, -1))) || this.#directories.has(source)) {
      throw refuseMember(entry.name, 'link-target');
    }
    try {
      if (!lstatSync(this.#bytes(source)).isFile()) throw refuseMember(entry.name, 'link-target');
      this.#make(path, (bytes) => linkSync(this.#bytes(source), bytes));
    } catch (error) {
      if (codeOf(error) === 'ENOENT') throw refuseMember(entry.name, 'link-target');
      throw error;
    }
    return undefined;
  }

  #bytes(path: ByteString): Buffer {
    return toBytes(`${this.#root}/${path}`);
  }
}

const join = (pieces: readonly string[]): ByteString => pieces.join('/');
const toBytes = (path: ByteString): Buffer => Buffer.from(path, 'latin1');

function writeWhole(fd: number, chunk: Uint8Array): void {
  for (let offset = 0; offset < chunk.length; ) offset += writeSync(fd, chunk, offset);
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}
