/**
 * Lines as the originals see them: ended by LF or CRLF, and a line end at the very end starts no further line.
 * At most `limit` lines are looked at.
 */
export function splitLines(text: string, limit: number): string[] {
  const lines = text.split('\n', limit + 1);
  if (lines.length <= limit && lines.at(-1) === '') lines.pop();
  return lines.slice(0, limit).map((line) => (line.endsWith('\r') ? line.slice(0, -1) : line));
}

/** Strict UTF-8. @returns undefined for anything else. */
export function decodeUtf8(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
