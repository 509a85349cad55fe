import { readFile } from 'node:fs/promises';

import { encodeBase64, type RandomSource } from '@hab/core';
import { writeFileAtomic } from '@hab/core/node';

const SECRET_BYTES = 64;

/** The secret of the control gateway: given, kept from before, or made now, readable by us alone from the start. */
export async function readCtlSecret(path: string, given: string | undefined, random: RandomSource): Promise<string> {
  if (given !== undefined && given !== '') return given.trim();
  try {
    const kept = (await readFile(path, 'utf8')).trim();
    if (kept !== '') return kept;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  const secret = encodeBase64(random.bytes(SECRET_BYTES));
  await writeFileAtomic(path, secret, { mode: 0o600, random });
  return secret;
}
