import type { Command } from 'commander';

import { build } from '../build.ts';
import type { CommandContext } from '../context.ts';

/** `hab-plan-build [CONTEXT] [-u URL]`: the program that a Studio runs. See spec/plan-build 2. */
export function register(program: Command, context: CommandContext): void {
  program
    .command('plan-build-program', { hidden: true })
    .argument('[context]', 'Folder with plan.sh, or with habitat/plan.sh', '.')
    .option('-u, --url <url>', 'Builder to take dependencies from')
    .action(async (planContext: string, options: { url?: string }) => {
      context.exit(
        await build({ context: planContext, builderUrl: options.url, programName: 'hab-plan-build' }, context),
      );
    });
}
