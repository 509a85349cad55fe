/** Small real implementations for tests. @packageDocumentation */
export { FakeClock } from './fake-clock.ts';
export type { MemoryLog, MemoryLogger } from './memory-logger.ts';
export { memoryLogger } from './memory-logger.ts';
export { seededRandom } from './seeded-random.ts';
export { rejectionOf, thrownBy } from './thrown.ts';
