import { isHabError } from '@hab/core';
import { systemClock, systemRandom } from '@hab/core/node';

import { runCli } from './cli.ts';
import { enterRoot, isInsideRoot } from './private-root.ts';
import { splitRootOption } from './root-option.ts';

/** Connects the program to this process; the only place of `hab` that touches its globals. */
export async function main(
  words: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): Promise<number> {
  const { stdin, stdout, stderr } = process;
  try {
    const { root, rest } = splitRootOption(words, env['HAB_ROOT']);
    if (root !== undefined && !isInsideRoot(root)) {
      const script = process.argv[1] ?? '';
      enterRoot({ directory: root, command: [process.execPath, script, ...rest], env });
    }
    const controller = new AbortController();
    for (const name of ['SIGINT', 'SIGTERM'] as const) {
      process.once(name, () => controller.abort(new DOMException(name, 'AbortError')));
    }
    return await runCli(rest, {
      env,
      stdin,
      stdout,
      stderr,
      cwd: process.cwd(),
      clock: systemClock,
      random: systemRandom,
      signal: controller.signal,
      effectiveUid: process.geteuid?.() ?? 0,
    });
  } catch (error) {
    if (!isHabError(error)) throw error;
    stderr.write(`✗✗✗\n✗✗✗ ${error.message}\n${error.hint === undefined ? '' : `✗✗✗ ${error.hint}\n`}✗✗✗\n`);
    return isHabError(error, 'CLI_USAGE') ? 2 : 1;
  }
}
