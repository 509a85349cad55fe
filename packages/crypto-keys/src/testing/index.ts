/** Contract suites of key caches and crypto engines. @packageDocumentation */

export { describeCryptoEngine } from './engine-contract.ts';
export type { KeyCacheSubject } from './key-cache-contract.ts';
export { describeKeyCache } from './key-cache-contract.ts';
