import { type Clock, formatRelease, type RandomSource } from '@hab/core';
import { formatServiceGroup, isOriginName, parseServiceGroup, withOrganization } from '@hab/ident';

import type { EngineOptions } from './engine.ts';
import { KeysError, shownLine } from './errors.ts';
import {
  HabKey,
  type OriginEncryptionKeyPair,
  type OriginKeyPair,
  type ServiceGroupKeyPair,
  type UserKeyPair,
} from './key.ts';
import { requireStorableName } from './key-text.ts';
import type { BoxPublicKind, BoxSecretKind } from './kinds.ts';
import type { NamedRevision } from './named-revision.ts';
import { portableEngine } from './portable-engine.ts';

/** What makes a key. */
export interface GenerateOptions extends EngineOptions {
  /** Origin, user, service group with organization, or ring. */
  readonly name: string;
  /** Gives the revision. */
  readonly clock: Clock;
  readonly random: RandomSource;
}

/** The name that a depot's own key always has. */
export const BLDR_KEY_NAME = 'bldr';

/**
 * A pair that signs artifacts.
 *
 * @throws {@link KeysError} `KEYS_NAME_INVALID` for a name that no origin can have.
 */
export function generateOriginKeyPair(options: GenerateOptions): OriginKeyPair {
  const named = nameFor(options, isOriginName);
  const { engine = portableEngine } = options;
  const material = new Uint8Array(64);
  const seed = options.random.bytes(32);
  material.set(seed);
  material.set(engine.ed25519PublicKey(seed), 32);
  return {
    public: new HabKey('origin-signing-public', named, material.subarray(32)),
    secret: new HabKey('origin-signing-secret', named, material),
  };
}

/** A pair for the secrets of an origin; only depots make them. */
export function generateOriginEncryptionKeyPair(options: GenerateOptions): OriginEncryptionKeyPair {
  return boxPair('origin-encryption-public', 'origin-encryption-secret', nameFor(options, isOriginName), options);
}

/** A pair of a person who sends encrypted configuration. */
export function generateUserKeyPair(options: GenerateOptions): UserKeyPair {
  return boxPair('user-public', 'user-secret', nameFor(options), options);
}

/** A pair of a service group; see {@link serviceGroupKeyName} for its name. */
export function generateServiceGroupKeyPair(options: GenerateOptions): ServiceGroupKeyPair {
  return boxPair('service-group-public', 'service-group-secret', nameFor(options), options);
}

/** The one key of a ring. */
export function generateRingKey(options: GenerateOptions): HabKey<'ring'> {
  return new HabKey('ring', nameFor(options), options.random.bytes(32));
}

/** A depot's own key. */
export function generateBldrKey(options: Omit<GenerateOptions, 'name'>): HabKey<'bldr-secret'> {
  return new HabKey('bldr-secret', nameFor({ ...options, name: BLDR_KEY_NAME }), options.random.bytes(32));
}

/**
 * The name of a service group's keys: `service.group@organization`, also when the group is given with one already.
 *
 * @throws {@link IdentError} `IDENT_SERVICE_GROUP_INVALID`.
 * @see spec/formats, 7.3
 */
export function serviceGroupKeyName(serviceGroup: string, organization: string): string {
  return formatServiceGroup(withOrganization(parseServiceGroup(serviceGroup), organization));
}

function boxPair<P extends BoxPublicKind, S extends BoxSecretKind>(
  publicKind: P,
  secretKind: S,
  named: NamedRevision,
  { random, engine = portableEngine }: GenerateOptions,
): { readonly public: HabKey<P>; readonly secret: HabKey<S> } {
  const secret = random.bytes(32);
  return {
    public: new HabKey(publicKind, named, engine.x25519PublicKey(secret)),
    secret: new HabKey(secretKind, named, secret),
  };
}

function nameFor({ name, clock }: GenerateOptions, isValid: (name: string) => boolean = () => true): NamedRevision {
  if (!isValid(name)) {
    throw new KeysError('KEYS_NAME_INVALID', `Invalid origin name: ${JSON.stringify(shownLine(name))}`, {
      details: { name: shownLine(name) },
      hint: 'An origin has lower-case letters, digits, _ and -, begins with a letter or digit, and up to 255 characters.',
    });
  }
  requireStorableName(name);
  return { name, revision: formatRelease(clock.now()) };
}
