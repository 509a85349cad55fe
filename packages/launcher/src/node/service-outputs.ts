import type { Readable, Writable } from 'node:stream';

import { createOutputPipes, type OutputPipe } from '@hab/core/node';

import { formatOutputLine, LineSplitter, type OutputStyle } from '../output-line.ts';

/** Where the lines of all services go. */
export interface ServiceOutput {
  readonly stdout: Writable;
  readonly stderr: Writable;
  readonly style: OutputStyle;
}

/**
 * Both outputs of a service, held here and written line by line. They outlive its processes: a restart makes no pipe, and
 * its parent hears of a death without first hearing of the end of two streams.
 */
export class ServiceOutputs implements Disposable {
  readonly #pipes: readonly OutputPipe[];
  readonly #flushes: readonly (() => void)[];

  private constructor(pipes: readonly OutputPipe[], flushes: readonly (() => void)[]) {
    this.#pipes = pipes;
    this.#flushes = flushes;
  }

  /** @param id - Service group: preamble of the lines. */
  static async open(id: string, { stdout, stderr, style }: ServiceOutput): Promise<ServiceOutputs> {
    const { out, err } = await createOutputPipes('out', 'err');
    return new ServiceOutputs(
      [out, err],
      [
        forward(out.readable, stdout, (line) => formatOutputLine(id, 'O', line, style)),
        forward(err.readable, stderr, (line) => formatOutputLine(id, 'E', line, style)),
      ],
    );
  }

  /** For a child's `stdio`. */
  get descriptors(): readonly number[] {
    return this.#pipes.map(({ writeFd }) => writeFd);
  }

  /** Its process is gone: a last line without an end is one all the same. What is in the pipes is read first. */
  flush(): void {
    setImmediate(() => {
      for (const flush of this.#flushes) flush();
    });
  }

  /** No further process. Resolves when the last one that has an end for writing is gone, and all of it is written. */
  async release(): Promise<void> {
    const ends = this.#pipes.map(({ readable }) => new Promise((resolve) => readable.once('close', resolve)));
    for (const pipe of this.#pipes) pipe.closeWrite();
    await Promise.all(ends);
  }

  /** Reads no further. */
  [Symbol.dispose](): void {
    for (const { readable } of this.#pipes) readable.destroy();
  }
}

/** @returns writes what has come of an unfinished line. */
function forward(from: Readable, to: Writable, format: (line: string) => string): () => void {
  const splitter = new LineSplitter();
  const write = (lines: readonly string[]): void => {
    if (lines.length === 0) return;
    if (to.write(lines.map(format).join(''))) return;
    from.pause();
    to.once('drain', () => from.resume());
  };
  const flush = (): void => write(splitter.flush());
  from.setEncoding('utf8');
  from.on('data', (text: string) => write(splitter.push(text)));
  from.on('end', flush);
  return flush;
}
