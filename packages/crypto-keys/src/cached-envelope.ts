import type { RandomSource } from '@hab/core';

import type { KeyCache } from './cache.ts';
import type { EngineOptions } from './engine.ts';
import { formatEnvelope, parseSignedBox } from './envelope.ts';
import { decryptBox, encryptBox } from './payload.ts';

/** An opened payload with its proven sender. */
export interface OpenedPayload {
  readonly message: Uint8Array<ArrayBuffer>;
  /** Named revision of the user key that encrypted it. */
  readonly encryptor: string;
}

/**
 * Opens what a user sent to a service group, with the keys that the payload names.
 *
 * @throws {@link KeysError} what parsing, looking up and decrypting throw.
 * @see spec/formats, 8
 */
export async function openUserPayload(
  content: string | Uint8Array,
  cache: KeyCache,
  options: EngineOptions = {},
): Promise<OpenedPayload> {
  const box = parseSignedBox(content);
  const sender = await cache.get('user-public', box.encryptor);
  const recipient = await cache.get('service-group-secret', box.decryptor);
  return { message: decryptBox(box, { ...options, sender, recipient }), encryptor: box.encryptor };
}

/** From whom, to whom, by the names under which a cache keeps the keys. */
export interface UserPayloadOptions extends EngineOptions {
  readonly user: string;
  /** With organization: `redis.default@acme`. */
  readonly serviceGroup: string;
  readonly random: RandomSource;
}

/**
 * Encrypts for a service group with the latest keys of both.
 *
 * @returns The text of the payload.
 * @throws {@link KeysError} `KEYS_NO_REVISIONS`.
 */
export async function sealUserPayload(
  message: Uint8Array,
  cache: KeyCache,
  options: UserPayloadOptions,
): Promise<string> {
  const sender = await cache.latest('user-secret', options.user);
  const recipient = await cache.latest('service-group-public', options.serviceGroup);
  return formatEnvelope(encryptBox(message, { ...options, sender, recipient }));
}
