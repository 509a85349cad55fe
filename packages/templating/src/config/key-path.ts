import { TemplatingError } from '../errors.ts';
import { formatTomlKey } from '../toml/toml-string.ts';

/** A path as TOML writes it: `tls."my key".cert`. */
export function formatKeyPath(path: readonly string[]): string {
  return path.map(formatTomlKey).join('.');
}

/** Longer ones name nothing that a configuration holds. */
const MAX_CHARACTERS = 4096;
const PART = /\s*(?:([A-Za-z0-9_-]+)|"((?:[^"\\]|\\["\\])*)"|'([^']*)')\s*(\.|$)/y;

/**
 * Reads a path as {@link formatKeyPath} writes it: parts with dots between them, quoted where they are no bare keys.
 *
 * @throws {@link TemplatingError} `TEMPLATE_VALUE_INVALID`.
 */
export function parseKeyPath(text: string): readonly string[] {
  const path: string[] = [];
  PART.lastIndex = 0;
  for (let separator = '.'; separator === '.' && text.length <= MAX_CHARACTERS; ) {
    const match = PART.exec(text);
    if (match === null) break;
    const [, bare, double, single] = match;
    path.push(bare ?? single ?? (double ?? '').replace(/\\(["\\])/g, '$1'));
    separator = match[4] ?? '';
    if (separator === '') return path;
  }
  const shown = text.slice(0, 80);
  throw new TemplatingError('TEMPLATE_VALUE_INVALID', `"${shown}" is no key`, {
    details: { path: shown, found: 'text' },
    hint: 'Write the names of tables and key with dots between them, as tls.cert; quote a name that has a dot.',
  });
}
