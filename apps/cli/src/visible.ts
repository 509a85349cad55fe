/** Text of others for a terminal: what would steer it is written out. Tabs and line ends stay. */
export function visible(text: string): string {
  return text.replaceAll(
    /(?![\n\t])[\p{Cc}\p{Cf}]/gu,
    (found) => `\\u${found.codePointAt(0)?.toString(16).padStart(4, '0')}`,
  );
}
