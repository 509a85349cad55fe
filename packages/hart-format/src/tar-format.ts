import type { ByteString } from './member-path.ts';

/*
 * Members as GNU tar writes them. Only writing is here: long names need GNU's extra records, which old tools (busybox in
 * a bootstrap) understand and which the tar library does not write.
 */

/** What can be packed. */
export interface TarMember {
  readonly type: 'file' | 'directory' | 'symlink' | 'link';
  /** Without leading `/`; a directory's ends in `/`. */
  readonly name: ByteString;
  /** Permission bits. */
  readonly mode: number;
  /** Seconds since the epoch, 0 or more. */
  readonly mtimeSec: number;
  /** Content in bytes; 0 for everything but files. */
  readonly sizeBytes: number;
  /** Target of a link, as stored; empty for the others. */
  readonly linkName: ByteString;
}

export const TAR_BLOCK_BYTES = 512;
/** Archives are padded to whole records. */
export const TAR_RECORD_BYTES: number = 20 * TAR_BLOCK_BYTES;

const NAME_BYTES = 100;
const MAX_OCTAL_SIZE = 0o77777777777;
const TYPE_FLAGS = { file: '0', link: '1', symlink: '2', directory: '5' } as const;
const LONG_NAME = { flag: 'L', name: '././@LongLink' };
const LONG_LINK = { flag: 'K', name: '././@LongLink' };

/** The blocks in front of a member's content. Owner is always root, 0:0. */
export function formatTarMember(member: TarMember): Uint8Array<ArrayBuffer> {
  const blocks: Uint8Array[] = [];
  if (member.linkName.length > NAME_BYTES) blocks.push(...longRecord(LONG_LINK, member.linkName));
  if (member.name.length > NAME_BYTES) blocks.push(...longRecord(LONG_NAME, member.name));
  blocks.push(header({ ...member, flag: TYPE_FLAGS[member.type] }));
  return concatenate(blocks);
}

/** Zero bytes that bring `length` to a multiple of `unit`. */
export function tarPadding(length: number, unit: number = TAR_BLOCK_BYTES): number {
  return (unit - (length % unit)) % unit;
}

/** Two empty blocks end an archive, and the last record is filled up. */
export function tarEndBytes(length: number): number {
  return 2 * TAR_BLOCK_BYTES + tarPadding(length + 2 * TAR_BLOCK_BYTES, TAR_RECORD_BYTES);
}

function longRecord(kind: { readonly flag: string; readonly name: string }, text: ByteString): Uint8Array[] {
  const content = new Uint8Array(text.length + 1 + tarPadding(text.length + 1));
  write(content, 0, text);
  const facts = { mode: 0o644, mtimeSec: 0, sizeBytes: text.length + 1, linkName: '' };
  return [header({ ...facts, name: kind.name, flag: kind.flag }), content];
}

function header(member: Omit<TarMember, 'type'> & { readonly flag: string }): Uint8Array {
  const block = new Uint8Array(TAR_BLOCK_BYTES);
  write(block, 0, member.name.slice(0, NAME_BYTES));
  write(block, 100, octal(member.mode, 7));
  write(block, 108, octal(0, 7));
  write(block, 116, octal(0, 7));
  writeSize(block, member.sizeBytes);
  write(block, 136, octal(member.mtimeSec, 11));
  write(block, 148, '        ');
  write(block, 156, member.flag);
  write(block, 157, member.linkName.slice(0, NAME_BYTES));
  write(block, 257, 'ustar  \0');
  write(block, 265, 'root');
  write(block, 297, 'root');
  const sum = block.reduce((total, byte) => total + byte, 0);
  write(block, 148, `${octal(sum, 6)}\0 `);
  return block;
}

/** Octal up to 8 GiB, then GNU's binary form. */
function writeSize(block: Uint8Array, size: number): void {
  if (size <= MAX_OCTAL_SIZE) {
    write(block, 124, octal(size, 11));
    return;
  }
  block[124] = 0x80;
  for (let i = 135, rest = size; i > 127; i--, rest = Math.floor(rest / 256)) block[i] = rest % 256;
}

const octal = (value: number, digits: number): string => value.toString(8).padStart(digits, '0');

function write(block: Uint8Array, offset: number, text: ByteString): void {
  for (let i = 0; i < text.length; i++) block[offset + i] = text.charCodeAt(i);
}

function concatenate(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((total, part) => total + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
}
