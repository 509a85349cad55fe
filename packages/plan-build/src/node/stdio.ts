import { createOutputPipes, type OutputPipe } from '@hab/core/node';

/** Where output goes: the caller's own stream, nowhere, a descriptor, or a function that gets it piece by piece. */
export type OutputTarget = 'inherit' | 'ignore' | number | OutputSink;

type OutputSink = (chunk: Uint8Array) => void;

/** What the plan reads and where it writes. */
export interface StdioOptions {
  /** @defaultValue `ignore` */
  readonly input?: 'inherit' | 'ignore' | number | undefined;
  /** @defaultValue `inherit` */
  readonly output?: OutputTarget | undefined;
  /** @defaultValue `inherit` */
  readonly errors?: OutputTarget | undefined;
}

type Descriptor = 'inherit' | 'ignore' | number;

/** Longest wait for output that is still on its way when bash has ended, in milliseconds. */
const DRAIN_MS = 500;

/** Connects the plan's streams. */
export class BuildStdio {
  /** For a child's `stdio`. */
  readonly descriptors: readonly [stdin: Descriptor, stdout: Descriptor, stderr: Descriptor];
  readonly #pipes: readonly OutputPipe[];
  readonly #streams: readonly Promise<void>[];

  private constructor(descriptors: BuildStdio['descriptors'], sinks: readonly (readonly [OutputPipe, OutputSink])[]) {
    this.descriptors = descriptors;
    this.#pipes = sinks.map(([pipe]) => pipe);
    this.#streams = sinks.map(([{ readable }, sink]) => {
      readable.on('data', (chunk: Uint8Array) => sink(new Uint8Array(chunk)));
      return new Promise((resolve) => readable.once('close', resolve));
    });
  }

  static async open({ input = 'ignore', output = 'inherit', errors = 'inherit' }: StdioOptions): Promise<BuildStdio> {
    const sinks: [OutputPipe, OutputSink][] = [];
    const descriptor = async (target: OutputTarget): Promise<Descriptor> => {
      if (typeof target !== 'function') return target;
      const { pipe } = await createOutputPipes('pipe');
      sinks.push([pipe, target]);
      return pipe.writeFd;
    };
    return new BuildStdio([input, ...(await Promise.all([descriptor(output), descriptor(errors)]))], sinks);
  }

  /** The child has its own ends now: the streams end when it, and what it left behind, have ended. */
  handedOver(): void {
    for (const pipe of this.#pipes) pipe.closeWrite();
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
