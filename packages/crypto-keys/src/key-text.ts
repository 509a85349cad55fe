import { decodeBase64, encodeBase64 } from '@hab/core';

import { KeysError, type KeyTextProblem, shownLine } from './errors.ts';
import { HabKey } from './key.ts';
import { KEY_KINDS, type KeyKind, type KeyTag } from './kinds.ts';
import { formatNamedRevision, isNamedRevision, type NamedRevision, parseNamedRevision } from './named-revision.ts';
import { decodeUtf8, splitLines } from './text-lines.ts';

/** Longest text of a key that is looked at, in bytes: a name of 255 characters and room for what later lines hold. */
export const MAX_KEY_TEXT_BYTES = 4096;

/**
 * Reads the content of a key file. Lines past the fourth and a final newline do not matter.
 *
 * @throws {@link KeysError} `KEYS_KEY_INVALID` or `KEYS_NAMED_REVISION_INVALID`; the texts are the originals' without
 *   their prefix. Material never appears in them.
 * @see spec/formats, 7.2
 */
export function parseKey<K extends KeyKind>(kind: K, content: string | Uint8Array): HabKey<K> {
  const [version, name, , material] = splitLines(decode(content), 4);
  if (version === undefined) throw invalid('version-missing', 'Missing key version');
  if (version !== KEY_KINDS[kind].tag) {
    throw invalid('version-unsupported', `Unsupported key version: ${shownLine(version)}`);
  }
  if (name === undefined) throw invalid('name-missing', 'Missing name+revision');
  const named = parseNamedRevision(name);
  if (material === undefined) throw invalid('material-missing', 'Missing key material', named);
  const bytes = decodeBase64(material.trim());
  if (bytes === undefined) throw invalid('material-not-base64', 'Invalid base64 key material', named);
  return new HabKey(kind, named, bytes);
}

/** The content of a key file, byte for byte as 2.x writes it: no newline at the end. Holds the secret of a secret key. */
export function formatKey(key: HabKey): string {
  return `${KEY_KINDS[key.kind].tag}\n${key.namedRevision}\n\n${encodeBase64(key.copyMaterial())}`;
}

/**
 * Reads an origin signing key of either half, as importing does: white space around the text does not matter.
 *
 * @throws {@link KeysError} `KEYS_KEY_INVALID` for everything else, encryption keys included.
 * @see spec/formats, 7.3
 */
export function parseOriginSigningKey(
  content: string,
): HabKey<'origin-signing-public'> | HabKey<'origin-signing-secret'> {
  const text = content.trim();
  if (readKeyTag(text) === 'SIG-PUB-1') return parseKey('origin-signing-public', text);
  if (readKeyTag(text) === 'SIG-SEC-1') return parseKey('origin-signing-secret', text);
  throw invalid('version-unsupported', 'Could not parse content as an public or secret origin signing key!');
}

/** Reads a depot's own key from an environment variable, where `\n` may stand for a line end. */
export function parseBldrSecretKey(content: string): HabKey<'bldr-secret'> {
  return parseKey('bldr-secret', content.replaceAll('\\n', '\n'));
}

const TAGS: ReadonlySet<string> = new Set(Object.values(KEY_KINDS).map((facts) => facts.tag));

/** What the first line of a key file says. @returns undefined for anything unknown. */
export function readKeyTag(content: string | Uint8Array): KeyTag | undefined {
  const start = typeof content === 'string' ? content.slice(0, 32) : (decodeUtf8(content.subarray(0, 9)) ?? '');
  const [line = ''] = splitLines(start, 1);
  return TAGS.has(line) ? (line as KeyTag) : undefined; // one of the values just looked up
}

/**
 * The name under which a cache keeps a key.
 *
 * @throws {@link KeysError} `KEYS_NAME_INVALID` for a name that would leave the cache's folder.
 */
export function keyFileName(kind: KeyKind, named: NamedRevision): string {
  requireStorableName(named.name);
  return `${formatNamedRevision(named)}${KEY_KINDS[kind].suffix}`;
}

/** Splits the name of a key file. @returns undefined for a file that is no key. */
export function parseKeyFileName(
  fileName: string,
): { readonly named: NamedRevision; readonly suffix: string } | undefined {
  const match = /\.(?:pub|sig\.key|box\.key|sym\.key)$/.exec(fileName);
  const stem = match === null ? '' : fileName.slice(0, match.index);
  if (match === null || !isNamedRevision(stem)) return undefined;
  return { named: parseNamedRevision(stem), suffix: match[0] };
}

/** Room for `-`, the revision and the longest suffix in a file name of 255 bytes. */
const MAX_NAME_BYTES = 255 - 15 - '.sig.key'.length;

/**
 * Refuses names that cannot be part of one file name: empty, with a slash, backslash or control character, too long.
 *
 * @throws {@link KeysError} `KEYS_NAME_INVALID`.
 */
export function requireStorableName(name: string): void {
  const fits = name !== '' && new TextEncoder().encode(name).length <= MAX_NAME_BYTES;
  if (fits && !/[/\\\u0000-\u001f\u007f]/.test(name)) return;
  throw new KeysError('KEYS_NAME_INVALID', `Invalid key name: ${JSON.stringify(shownLine(name))}`, {
    details: { name: shownLine(name) },
    hint: `Use up to ${MAX_NAME_BYTES} bytes without slashes and control characters.`,
  });
}

function decode(content: string | Uint8Array): string {
  if (content.length > MAX_KEY_TEXT_BYTES) throw invalid('too-long', `Key is longer than ${MAX_KEY_TEXT_BYTES} bytes`);
  if (typeof content === 'string') return content;
  const text = decodeUtf8(content);
  if (text === undefined) throw invalid('not-utf8', 'Key is not UTF-8 text');
  return text;
}

function invalid(problem: KeyTextProblem, message: string, named?: NamedRevision): KeysError<'KEYS_KEY_INVALID'> {
  const namedRevision = named && formatNamedRevision(named);
  return new KeysError('KEYS_KEY_INVALID', message, {
    details: { problem, namedRevision },
    hint: 'Check that this is the whole key file and of the right kind, then import it again.',
  });
}
