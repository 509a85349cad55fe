/** The machine behind the interfaces of `@hab/core`. @packageDocumentation */

export type { AtomicWriteOptions } from './atomic-write.ts';
export { syncDirectory, writeFileAtomic } from './atomic-write.ts';
export type { FileLock } from './file-lock.ts';
export { readHeldLock, tryLockFile } from './file-lock.ts';
export { HeldDirectory } from './held-directory.ts';
export type { OutputPipe } from './pipes.ts';
export { createOutputPipes } from './pipes.ts';
export type { ProcessStat } from './process-stat.ts';
export { listProcesses, readProcessStat } from './process-stat.ts';
export type { RegularFileOptions } from './regular-file.ts';
export { readRegularFile } from './regular-file.ts';
export { removeTree } from './remove-tree.ts';
export { systemClock, systemRandom } from './system.ts';
