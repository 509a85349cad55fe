import type { ServiceGroup } from '@hab/ident';
import type { Command } from 'commander';

import { aliasesOf } from '../abbreviations.ts';
import { collect, identOrGroupArgument, numberArgument, serviceGroupArgument, U64 } from '../arguments.ts';
import type { CommandContext } from '../context.ts';
import { type ApplyOptions, applyConfig } from './config-apply.ts';
import { type ShowOptions, showConfig } from './config-show.ts';

export function register(config: Command, context: CommandContext): void {
  config
    .command('apply')
    .aliases(aliasesOf('config', 'apply'))
    .description('Give a service group a new configuration, which replaces the one applied before')
    .argument('<service-group>', 'SERVICE.GROUP[@ORGANIZATION]', serviceGroupArgument)
    .argument('<version>', 'A number above that of the last configuration', numberArgument(U64))
    .argument('[file]', 'TOML; - reads standard input, as does no file unless keys are deleted')
    .option('--merge', 'Keep what was applied before, but for the keys of FILE')
    .option('--delete <key>', 'Keep what was applied before, but for this key, as tls.cert; may be repeated', collect)
    .option('--dry-run', 'Change nothing; show what each file would become and which hooks would run')
    .option('--json', 'Print JSON')
    .option('-r, --remote-sup <address>', 'Supervisor to talk to, HOST[:PORT]')
    .action(async (group: ServiceGroup, version: bigint, file: string | undefined, options: ApplyOptions) => {
      await applyConfig({ group, version, file }, options, context);
    });

  config
    .command('show')
    .aliases(aliasesOf('config', 'show'))
    .description('Print the configuration of a service group: all its layers merged; of a package, its default one')
    .argument('<group>', 'SERVICE.GROUP[@ORGANIZATION], or ORIGIN/NAME of a loaded service', identOrGroupArgument)
    .option('--source', 'Say of each value which layer it comes from')
    .option('-r, --remote-sup <address>', 'Supervisor to talk to, HOST[:PORT]')
    .option('--json', 'Print JSON')
    .action(async (subject: ReturnType<typeof identOrGroupArgument>, options: ShowOptions) => {
      await showConfig(subject, options, context);
    });
}
