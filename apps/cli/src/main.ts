import { isHabError } from '@hab/core';
import { systemClock, systemRandom } from '@hab/core/node';

import { runCli } from './cli.ts';
import { enterRoot, isInsideRoot } from './private-root.ts';
import { splitRootOption } from './root-option.ts';

/** What ends a command, after it has cleaned up. */
const STOP_SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'] as const;
/** Those that somebody types. */
const FROM_KEYS: ReadonlySet<string> = new Set(['SIGINT', 'SIGQUIT']);

/**
 * Connects the program to this process; the only place of `hab` that touches its globals.
 *
 * @param command - What a program of another name stands for, in front of its words.
 */
export async function main(
  words: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
  command: readonly string[] = [],
): Promise<number> {
  const { stdin, stdout, stderr } = process;
  try {
    const { root, rest } = splitRootOption(words, env['HAB_ROOT']);
    if (root !== undefined && !isInsideRoot(root)) {
      const script = process.argv[1] ?? '';
      enterRoot({ directory: root, command: [process.execPath, script, ...rest], env });
    }
    const controller = new AbortController();
    let held = false;
    for (const name of STOP_SIGNALS) {
      const stop = (): void => {
        if (held && FROM_KEYS.has(name)) return;
        // Whoever insists gets what the machine does by itself.
        process.off(name, stop);
        controller.abort(new DOMException(name, 'AbortError'));
      };
      process.on(name, stop);
    }
    return await runCli([...command, ...rest], {
      env,
      stdin,
      stdout,
      stderr,
      cwd: process.cwd(),
      clock: systemClock,
      random: systemRandom,
      signal: controller.signal,
      holdInterrupts: (hold) => {
        held = hold;
      },
      effectiveUid: process.geteuid?.() ?? 0,
    });
  } catch (error) {
    if (!isHabError(error)) throw error;
    stderr.write(`✗✗✗\n✗✗✗ ${error.message}\n${error.hint === undefined ? '' : `✗✗✗ ${error.hint}\n`}✗✗✗\n`);
    return isHabError(error, 'CLI_USAGE') ? 2 : 1;
  }
}
