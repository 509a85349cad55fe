import { fstatSync, writeSync } from 'node:fs';
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

/** Wait before another try at a stream that is full, in milliseconds. */
const RETRY_MS = 5;

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

  /** @param copy - Gets everything as well; then nothing of the plan's output goes to the caller's streams directly. */
  static async open(options: StdioOptions, copy?: OutputSink): Promise<BuildStdio> {
    if (copy !== undefined) return await BuildStdio.#openWithCopy(options, copy);
    const { input = 'ignore', output = 'inherit', errors = 'inherit' } = options;
    const sinks: [OutputPipe, OutputSink][] = [];
    const descriptor = async (target: OutputTarget): Promise<Descriptor> => {
      if (typeof target !== 'function') return target;
      const { pipe } = await createOutputPipes('pipe');
      sinks.push([pipe, target]);
      return pipe.writeFd;
    };
    return new BuildStdio([input, ...(await Promise.all([descriptor(output), descriptor(errors)]))], sinks);
  }

  static async #openWithCopy(options: StdioOptions, copy: OutputSink): Promise<BuildStdio> {
    const { input = 'ignore', output = 'inherit', errors = 'inherit' } = options;
    const both = (target: OutputTarget, inherited: number): OutputSink => {
      const write = typeof target === 'function' ? target : writerOf(target, inherited);
      return (chunk) => {
        write(chunk);
        copy(chunk);
      };
    };
    const { pipe: outputs } = await createOutputPipes('pipe');
    // Two pipes lose the order of lines; who has both streams on one terminal keeps it.
    if (isSameFile(output, errors)) {
      return new BuildStdio([input, outputs.writeFd, outputs.writeFd], [[outputs, both(output, 1)]]);
    }
    const { pipe: problems } = await createOutputPipes('pipe');
    return new BuildStdio(
      [input, outputs.writeFd, problems.writeFd],
      [
        [outputs, both(output, 1)],
        [problems, both(errors, 2)],
      ],
    );
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

const numberOf = (target: Exclude<OutputTarget, OutputSink>, inherited: number): number | undefined =>
  target === 'ignore' ? undefined : target === 'inherit' ? inherited : target;

function isSameFile(output: OutputTarget, errors: OutputTarget): boolean {
  if (typeof output === 'function' || typeof errors === 'function') return false;
  const [a, b] = [numberOf(output, 1), numberOf(errors, 2)];
  if (a === undefined || b === undefined) return false;
  const [first, second] = [fstatSync(a), fstatSync(b)];
  return first.dev === second.dev && first.ino === second.ino && first.rdev === second.rdev;
}

/** Waits for whoever reads slowly: a build may print more than memory holds. */
function writerOf(target: Exclude<OutputTarget, OutputSink>, inherited: number): OutputSink {
  const descriptor = numberOf(target, inherited);
  if (descriptor === undefined) return () => undefined;
  return (chunk) => {
    for (let at = 0; at < chunk.length; ) {
      try {
        at += writeSync(descriptor, chunk, at);
      } catch (error) {
        if (!(error instanceof Error) || !('code' in error) || error.code !== 'EAGAIN') return;
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, RETRY_MS);
      }
    }
  };
}
