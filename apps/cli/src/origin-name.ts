import { isOriginName } from '@hab/ident';

import { readCliConfig } from './cli-config.ts';
import type { CommandContext } from './context.ts';
import { failed, usage } from './errors.ts';

/** The word, else `HAB_ORIGIN`, else `origin` of cli.toml. See spec/cli 4. */
export async function resolveOrigin(given: string | undefined, context: CommandContext): Promise<string> {
  const { settings, layout } = context;
  const origin = given ?? settings.HAB_ORIGIN ?? (await readCliConfig(layout.cliConfig)).origin;
  if (origin === undefined) {
    throw failed('No origin specified; please set --origin, HAB_ORIGIN, or configure cli.toml');
  }
  if (isOriginName(origin)) return origin;
  throw usage(
    `Invalid origin: "${origin}". Use lower-case letters, digits, _ and -, beginning with a letter or digit.`,
    origin,
  );
}
