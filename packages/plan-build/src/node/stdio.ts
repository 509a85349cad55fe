import type { ChildProcess } from 'node:child_process';

/** Where output goes: the caller's own stream, nowhere, a descriptor, or a function that gets it piece by piece. */
export type OutputTarget = 'inherit' | 'ignore' | number | ((chunk: Uint8Array) => void);

/** What the plan reads and where it writes. */
export interface StdioOptions {
  /** @defaultValue `ignore` */
  readonly input?: 'inherit' | 'ignore' | number | undefined;
  /** @defaultValue `inherit` */
  readonly output?: OutputTarget | undefined;
  /** @defaultValue `inherit` */
  readonly errors?: OutputTarget | undefined;
}

type Descriptor = 'inherit' | 'ignore' | 'pipe' | number;

/** Longest wait for output that is still on its way when bash has ended, in milliseconds. */
const DRAIN_MS = 500;

/** Connects the plan's streams. */
export class BuildStdio {
  readonly #options: StdioOptions;
  #streams: Promise<void>[] = [];

  constructor(options: StdioOptions) {
    this.#options = options;
  }

  descriptors(): { stdin: Descriptor; stdout: Descriptor; stderr: Descriptor } {
    const { input = 'ignore', output = 'inherit', errors = 'inherit' } = this.#options;
    return {
      stdin: input,
      stdout: typeof output === 'function' ? 'pipe' : output,
      stderr: typeof errors === 'function' ? 'pipe' : errors,
    };
  }

  attach(child: ChildProcess): void {
    const { output, errors } = this.#options;
    const pairs = [
      [child.stdout, output],
      [child.stderr, errors],
    ] as const;
    for (const [stream, target] of pairs) {
      if (stream === null || typeof target !== 'function') continue;
      stream.on('data', (chunk: Uint8Array) => target(new Uint8Array(chunk)));
      this.#streams.push(new Promise((resolve) => stream.once('close', resolve)));
    }
  }

  /** Resolves when all output has arrived, or when a background program keeps a stream open for too long. */
  async drained(): Promise<void> {
    if (this.#streams.length === 0) return;
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, DRAIN_MS);
    });
    await Promise.race([Promise.all(this.#streams), late]);
    clearTimeout(timer);
  }
}
