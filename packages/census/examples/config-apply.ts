import { CONTROL_SENDER, decodeRumorFile, EMPTY_STORE, encodeRumorFile, mergeRumor } from '@hab/census';

const apply = (incarnation: bigint, text: string) =>
  ({
    type: 'service-config',
    fromId: CONTROL_SENDER,
    serviceGroup: 'redis.default',
    incarnation,
    encrypted: false,
    config: new TextEncoder().encode(text),
  }) as const;

const first = mergeRumor(EMPTY_STORE, apply(7n, 'maxmemory = "64mb"'));
const older = mergeRumor(first.store, apply(3n, 'maxmemory = "1mb"'));
console.log(first.outcome, older.outcome, older.incarnation);

// What a Supervisor writes down, and reads when it starts again.
const file = encodeRumorFile(older.store);
console.log(file.length, decodeRumorFile(file).configs.get('redis.default')?.incarnation);
