import type { Failure, Report } from '../../conformance.ts';

/** Counts what holds and keeps what does not. */
export interface Tally {
  /** One check. */
  equal(name: string, expected: string, got: string): void;
  /** One check that may reject: the rejection is what was got. */
  settled(name: string, expected: string, action: () => Promise<string>): Promise<void>;
  report(): Report;
}

export function createTally(): Tally {
  const failures: Failure[] = [];
  let passed = 0;
  const equal: Tally['equal'] = (name, expected, got) => {
    if (expected === got) passed++;
    else failures.push({ name, expected, got });
  };
  return {
    equal,
    async settled(name, expected, action) {
      let got: string;
      try {
        got = await action();
      } catch (error) {
        got = String(error);
      }
      equal(name, expected, got);
    },
    report: () => ({ passed, failures }),
  };
}
