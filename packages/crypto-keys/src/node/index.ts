/** Keys in a folder, fast curves, hashes of files. @packageDocumentation */

export type { FolderKeyCacheOptions } from './folder-cache.ts';
export { folderKeyCache } from './folder-cache.ts';
export { hashFile } from './hash-file.ts';
export { nodeEngine } from './node-engine.ts';
