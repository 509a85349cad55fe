/** Comparing and changing configuration, key by key. @packageDocumentation */

export type { ConfigDifference, KeyRemoval } from './change.ts';
export { compareConfig, removeConfigKey, unknownConfigKeys } from './change.ts';
export { formatKeyPath, parseKeyPath } from './key-path.ts';
