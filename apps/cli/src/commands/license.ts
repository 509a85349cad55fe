import type { Command } from 'commander';

import type { CommandContext } from '../context.ts';

export function register(license: Command, { ui }: CommandContext): void {
  license
    .command('accept')
    .description('Does nothing: these tools ask for no acceptance')
    .action(() =>
      ui.info('Nothing to accept: these tools come under the Apache-2.0 licence and ask for no acceptance.'),
    );
}
