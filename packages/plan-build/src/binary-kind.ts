/** How much of a file {@link binaryKind} looks at. */
export const BINARY_HEADER_BYTES = 20;

/** What a file holds, as far as stripping goes. */
export type BinaryKind = 'executable' | 'shared' | 'archive';

const ET_EXEC = 2;
const ET_DYN = 3;

/**
 * Judges a file by its first bytes: an ELF program at a fixed address, anything that the loader may place (libraries and
 * position-independent programs), or an archive of objects. Objects themselves are left alone.
 *
 * @see spec/plan-build, 6.6
 */
export function binaryKind(header: Uint8Array): BinaryKind | undefined {
  if (startsWith(header, '!<arch>\n')) return 'archive';
  if (header.length < BINARY_HEADER_BYTES || !startsWith(header, '\x7fELF')) return undefined;
  const view = new DataView(header.buffer, header.byteOffset, header.byteLength);
  const type = view.getUint16(16, header[5] === 1);
  if (type === ET_EXEC) return 'executable';
  return type === ET_DYN ? 'shared' : undefined;
}

function startsWith(bytes: Uint8Array, text: string): boolean {
  if (bytes.length < text.length) return false;
  for (let at = 0; at < text.length; at++) if (bytes[at] !== text.charCodeAt(at)) return false;
  return true;
}

/** What to tell `strip` for each kind. */
export const STRIP_OPTIONS: Readonly<Record<BinaryKind, string>> = {
  executable: '--strip-all',
  shared: '--strip-unneeded',
  archive: '--strip-debug',
};
