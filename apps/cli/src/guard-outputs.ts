/** What of a process this needs. */
interface Outputs {
  readonly stdout: NodeJS.WriteStream;
  readonly stderr: NodeJS.WriteStream;
  exitCode?: number | string | null | undefined;
  once(event: 'exit', listener: () => void): unknown;
}

/**
 * Ends a program in order when its outputs cannot be written. Whoever reads no more of it, as `head`, has what was wanted:
 * the command goes on and keeps its exit status. Output that is lost for another reason, such as a full disk, fails it.
 */
export function guardOutputs(program: Outputs): void {
  let told = false;
  // Nowhere is left to tell of it.
  program.stderr.on('error', () => undefined);
  program.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE' || told) return;
    told = true;
    program.stderr.write(`✗✗✗\n✗✗✗ Standard output cannot be written: ${error.message}\n✗✗✗\n`);
    program.once('exit', () => {
      program.exitCode = 1;
    });
  });
}
