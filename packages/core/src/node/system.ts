import { randomBytes } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';

import type { AbortOptions } from '../abort.ts';
import type { Clock } from '../clock.ts';
import type { RandomSource } from '../random.ts';

/** The machine's clock. */
export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  async sleep(ms: number, { signal }: AbortOptions = {}): Promise<void> {
    signal?.throwIfAborted();
    try {
      await wait(ms, undefined, signal === undefined ? {} : { signal });
    } catch (error) {
      signal?.throwIfAborted();
      throw error;
    }
  },
};

/** The machine's cryptographic random source. */
export const systemRandom: RandomSource = { bytes: (count) => new Uint8Array(randomBytes(count)) };
