import { readFile } from 'node:fs/promises';

import { type RandomSource, toHex } from '@hab/core';
import { writeFileAtomic } from '@hab/core/node';

/** The identity of this Supervisor in every ring: 32 hex digits, made once. See spec/ring 4. */
export async function readMemberId(path: string, random: RandomSource): Promise<string> {
  try {
    const text = (await readFile(path, 'utf8')).trim();
    if (/^[0-9a-f]{32}$/.test(text)) return text;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  const id = randomUuid(random);
  await writeFileAtomic(path, id, { mode: 0o644, random });
  return id;
}

/** A random UUID (RFC 9562, version 4) without its dashes. */
function randomUuid(random: RandomSource): string {
  const bytes = random.bytes(16);
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  return toHex(bytes);
}
