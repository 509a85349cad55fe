import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';

import { isHabError } from '@hab/core';
import { type CtlMessages, NET_ERRORS } from '@hab/ctl';
import { formatServiceGroup, type ServiceGroup } from '@hab/ident';
import { formatJson, parseToml } from '@hab/templating';
import type { Command } from 'commander';

import { aliasesOf } from '../abbreviations.ts';
import { identArgument, numberArgument, serviceGroupArgument, U64 } from '../arguments.ts';
import type { CommandContext } from '../context.ts';
import { failed } from '../errors.ts';
import { toWireGroup, toWireIdent } from '../load-options.ts';
import { readAll } from '../read-all.ts';
import { openSession } from '../supervisor-session.ts';

/** Largest configuration that a ring carries. See spec/templating 10. */
const MAX_CONFIG_BYTES = 65_536;

export function register(config: Command, context: CommandContext): void {
  const { ui } = context;
  config
    .command('apply')
    .aliases(aliasesOf('config', 'apply'))
    .description('Give a service group a new configuration, which replaces the one applied before')
    .argument('<service-group>', 'SERVICE.GROUP[@ORGANIZATION]', serviceGroupArgument)
    .argument('<version>', 'A number above that of the last configuration', numberArgument(U64))
    .argument('[file]', 'TOML; - reads standard input', '-')
    .option('-r, --remote-sup <address>', 'Supervisor to talk to, HOST[:PORT]')
    .action(async (group: ServiceGroup, version: bigint, file: string, options: { remoteSup?: string }) => {
      await apply(group, version, file, options.remoteSup, context);
    });

  config
    .command('show')
    .aliases(aliasesOf('config', 'show'))
    .description('Print the default configuration of a running service')
    .argument('<package>', 'ORIGIN/NAME of a loaded service', identArgument)
    .option('-r, --remote-sup <address>', 'Supervisor to talk to, HOST[:PORT]')
    .option('--json', 'Print JSON')
    .action(async (ident: ReturnType<typeof identArgument>, options: { remoteSup?: string }) => {
      const session = await openSession(context, options.remoteSup);
      for await (const part of session.ask({ type: 'SvcGetDefaultCfg', ident: toWireIdent(ident) })) {
        if (part.type !== 'ServiceCfg') continue;
        if (ui.json) ui.data(`${formatJson(parseToml(part.default ?? ''), { indent: 0 })}\n`);
        else ui.data(part.default ?? '');
      }
    });
}

async function apply(
  group: ServiceGroup,
  version: bigint,
  file: string,
  remote: string | undefined,
  context: CommandContext,
): Promise<void> {
  const { ui } = context;
  const cfg = await readConfig(file, context);
  const session = await openSession(context, remote);
  ui.begin(`Setting new configuration version ${version} for ${formatServiceGroup(group)}`);
  ui.status('Creating', 'service configuration');
  const serviceGroup = toWireGroup(group);
  await validate({ type: 'SvcValidateCfg', serviceGroup, format: 0, cfg }, session, context);
  ui.status('Applying', `via peer ${session.address}`);
  await session.tell({ type: 'SvcSetCfg', serviceGroup, cfg, version });
  ui.end('Applied configuration');
}

async function validate(
  request: CtlMessages['SvcValidateCfg'] & { readonly type: 'SvcValidateCfg' },
  session: Awaited<ReturnType<typeof openSession>>,
  { ui }: CommandContext,
): Promise<void> {
  try {
    await session.tell(request);
  } catch (error) {
    const { netCode } = (isHabError(error, 'CTL_REFUSED') ? error.details : {}) as { netCode?: number };
    // The service's own opinion is a warning: it may not run here, or not yet.
    if (netCode !== NET_ERRORS.invalidPayload || !(error instanceof Error)) throw error;
    ui.warn(error.message);
  }
}

async function readConfig(file: string, { stdin, cwd }: CommandContext): Promise<Uint8Array> {
  const bytes = file === '-' ? await readAll(stdin, MAX_CONFIG_BYTES) : await readFile(resolve(cwd, file));
  if (bytes.length > MAX_CONFIG_BYTES) {
    throw failed(`Configuration too large. Maximum allowed is ${MAX_CONFIG_BYTES} bytes.`);
  }
  return bytes;
}
