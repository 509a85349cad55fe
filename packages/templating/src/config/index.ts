/** Configuration of services: where layers come from, what others see, what a change means. @packageDocumentation */

export { environmentVariable, parseEnvironmentLayer } from '../layers/environment-layer.ts';
export type { CollectExportsOptions } from '../layers/exports.ts';
export { collectExports } from '../layers/exports.ts';
export { parseGossipLayer } from '../layers/gossip-layer.ts';
export { MAX_GOSSIP_CONFIG_BYTES } from '../limits.ts';
export type { ReactionToChanges, RenderedChanges } from '../reactions.ts';
export { reactionToChanges } from '../reactions.ts';
export type { ConfigDifference, KeyRemoval, MistypedKey } from './change.ts';
export { compareConfig, mistypedConfigKeys, removeConfigKey, unknownConfigKeys } from './change.ts';
export { formatKeyPath, parseKeyPath } from './key-path.ts';
