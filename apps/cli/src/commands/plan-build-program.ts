import { parseBuildArguments } from '@hab/plan-build';
import type { Command } from 'commander';

import { build } from '../build.ts';
import { placeOfPlan } from '../build-view.ts';
import type { CommandContext } from '../context.ts';

const USAGE = `Usage: hab-plan-build [CONTEXT] [OPTIONS]
  CONTEXT              Folder with plan.sh, or with habitat/plan.sh; the current one without it
  -u URL               Builder to take dependencies from
  --release TIME       Release to build, YYYYMMDDhhmmss in UTC
  --lock FILE          Take dependencies in the releases that FILE names; the build writes it
  --log                Keep what is printed below results/logs, too
  --on-failure shell   Look around where a command failed`;

/** `hab-plan-build [CONTEXT] [-u URL]`: the program that a Studio runs. See spec/plan-build 2. */
export function register(program: Command, context: CommandContext): void {
  program
    .command('plan-build-program', { hidden: true })
    // Its words are the original's: the context comes first, and what is wrong ends with 1.
    .argument('[words...]')
    .helpOption(false)
    .allowUnknownOption()
    .action(async () => {
      const [, ...words] = context.argv;
      if (words[0] === '-h' || words[0] === '--help') {
        context.ui.data(`${USAGE}\n`);
        return;
      }
      const request = parseBuildArguments(words);
      const place = placeOfPlan(request, context);
      context.exit(await build({ ...request, context: place, programName: 'hab-plan-build' }, context));
    });
}
