import { createHash } from 'node:crypto';
import { lstatSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';

/** Every entry below a directory, with what makes two trees the same: kind, mode, content and time of a file. */
export function treeListing(directory: string): string[] {
  return walk(directory, '').sort();
}

function walk(root: string, path: string): string[] {
  const absolute = join(root, path);
  const facts = lstatSync(absolute);
  const mode = (facts.mode & 0o7777).toString(8);
  if (facts.isSymbolicLink()) return [`${path} -> ${readlinkSync(absolute)}`];
  if (facts.isDirectory()) {
    return [`${path}/ ${mode}`, ...readdirSync(absolute).flatMap((name) => walk(root, join(path, name)))];
  }
  const digest = createHash('sha256').update(readFileSync(absolute)).digest('hex');
  return [`${path} ${mode} ${facts.mtimeMs} ${digest}`];
}

/** Names anywhere below a directory that no finished install or uninstall leaves behind. */
export function leftovers(directory: string): string[] {
  return (readdirSync(directory, { recursive: true, encoding: 'utf8' }) as string[])
    .filter((path) => /(?:^|\/)(?:\.hab-pkg-install|\.checking-|\.tmp-)[^/]*$/.test(path))
    .sort();
}
