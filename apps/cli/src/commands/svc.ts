import { isHabError } from '@hab/core';
import { createKeys, generateServiceGroupKeyPair, serviceGroupKeyName } from '@hab/crypto-keys';
import { nodeEngine } from '@hab/crypto-keys/node';
import { type CtlMessages, DESIRED_STATES, NET_ERRORS, PROCESS_STATES } from '@hab/ctl';
import { formatIdent, formatServiceGroup, type PackageIdent, type ServiceGroup } from '@hab/ident';
import { formatStatusTable, type StatusRow } from '@hab/services';
import type { Command } from 'commander';

import { aliasesOf } from '../abbreviations.ts';
import { identArgument, numberArgument, serviceGroupArgument, U32 } from '../arguments.ts';
import { readCliConfig } from '../cli-config.ts';
import type { CommandContext } from '../context.ts';
import { CliError, usage } from '../errors.ts';
import { addKeyCacheOption, type KeyCacheOption, openKeyCache } from '../key-cache.ts';
import { addLoadOptions, type LoadOptions, toLoadMessage, toUpdateMessage, toWireIdent } from '../load-options.ts';
import { resolveServiceIdent } from '../service-ident.ts';
import { runSupervisor } from '../supervisor-process.ts';
import { isUnreachable, openSession } from '../supervisor-session.ts';

interface Remote {
  readonly remoteSup?: string;
}

const REMOTE = ['-r, --remote-sup <address>', 'Supervisor to talk to, HOST[:PORT] (default: 127.0.0.1:9632)'] as const;
const DEFAULT_BLDR_URL = 'https://bldr.habitat.sh';

/** Exit statuses of `hab svc status PKG`. See spec/cli 5.1 and decision 19. */
const STATUS_EXIT = { up: 0, error: 1, notLoaded: 2, noSupervisor: 3, down: 4 } as const;

export function register(svc: Command, context: CommandContext): void {
  const { ui } = context;
  const command = (usageText: string, summary: string): Command => {
    const [word = ''] = usageText.split(' ');
    return svc
      .command(usageText)
      .aliases(aliasesOf('svc', word))
      .description(summary)
      .option(...REMOTE);
  };

  addLoadOptions(command('load <package>', 'Load a service, which starts it: an identifier or a .hart file'))
    .option('-f, --force', 'Load again with these options, resetting all others')
    .option('--config-from <dir>', 'Take config, hooks and default.toml from DIR (for development)')
    .action(async (text: string, options: LoadOptions & Remote & { force?: boolean }) => {
      const ident = await resolveServiceIdent(text, context);
      await load(ident, options, options.force === true, context);
    });

  addLoadOptions(command('update <package>', 'Change options of a loaded service'))
    .argument('[package]')
    .action(async (text: string, _: unknown, options: LoadOptions & Remote) => {
      const request = toUpdateMessage(identArgument(text), options);
      const changes = Object.entries(request).filter(
        ([key, value]) => key !== 'ident' && key !== 'type' && value !== undefined,
      );
      if (changes.length === 0) throw usage('No fields specified for update');
      await (await openSession(context, options.remoteSup)).tell(request);
    });

  for (const [word, summary] of [
    ['unload', 'Stop a service and forget it'],
    ['stop', 'Stop a service; it stays loaded'],
  ] as const) {
    command(`${word} <package>`, summary)
      .option('--shutdown-timeout <seconds>', 'Time from the shutdown signal to KILL', numberArgument(U32))
      .action(async (text: string, options: Remote & { shutdownTimeout?: bigint }) => {
        const { shutdownTimeout } = options;
        await (await openSession(context, options.remoteSup)).tell({
          type: word === 'unload' ? 'SvcUnload' : 'SvcStop',
          ident: toWireIdent(identArgument(text)),
          timeoutInSeconds: shutdownTimeout === undefined ? undefined : Number(shutdownTimeout),
        });
      });
  }

  addLoadOptions(command('start [package]', 'Start a loaded service, or a Supervisor with it when none runs'))
    .alias('run')
    .allowUnknownOption()
    .allowExcessArguments()
    .action(async (text: string | undefined, options: LoadOptions & Remote) => {
      await start(text, options, context);
    });

  command('status [package]', 'Show loaded services; exit status 0 up, 2 not loaded, 3 no Supervisor, 4 down')
    .option('--json', 'Print JSON')
    .action(async (text: string | undefined, options: Remote) => {
      context.exit(await status(text === undefined ? undefined : identArgument(text), options, context));
    });

  const key = svc
    .command('key')
    .aliases(aliasesOf('svc', 'key'))
    .description('Keys of service groups that take encrypted configuration');
  addKeyCacheOption(key.command('generate').aliases(aliasesOf('origin key', 'generate')))
    .description('Make a new pair of keys')
    .argument('<service-group>', 'SERVICE.GROUP', serviceGroupArgument)
    .argument('[organization]', 'Organization [env: HABITAT_ORG, HAB_ORG]')
    .action(async (group: ServiceGroup, given: string | undefined, options: KeyCacheOption) => {
      const organization = given ?? context.settings.HABITAT_ORG ?? context.settings.HAB_ORG ?? group.organization;
      if (organization === undefined) throw usage('No organization specified');
      const name = serviceGroupKeyName(formatServiceGroup(group), organization);
      ui.begin(`Generating service key for ${formatServiceGroup(group)} in ${organization}`);
      const { clock, random } = context;
      const settings = { name, clock, random, engine: nodeEngine };
      const pair = await createKeys(openKeyCache(options, context), generateServiceGroupKeyPair, settings);
      ui.end(`Generated service key pair ${pair.secret.namedRevision}.`);
    });
}

async function load(
  ident: PackageIdent,
  options: LoadOptions & Remote,
  force: boolean,
  context: CommandContext,
): Promise<void> {
  const { bldrUrl } = await readCliConfig(context.layout.cliConfig);
  const url = context.settings.HAB_BLDR_URL ?? bldrUrl ?? DEFAULT_BLDR_URL;
  if (options.configFrom !== undefined) {
    context.ui.warn('--config-from is for development: the package is not run as it was built and signed.');
  }
  const session = await openSession(context, options.remoteSup);
  await session.tell(toLoadMessage(ident, options, force, context, url));
}

/** One rule for `hab start` of every era. See spec/cli 13. */
async function start(text: string | undefined, options: LoadOptions & Remote, context: CommandContext): Promise<void> {
  const session = await openSession(context, options.remoteSup);
  const named = Object.keys(options).some((key) => key !== 'remoteSup');
  try {
    const statuses = await collectStatuses(session, undefined);
    if (text === undefined) {
      for (const { ident } of statuses.filter(isDown)) await session.tell({ type: 'SvcStart', ident });
      return;
    }
    const ident = await resolveServiceIdent(text, context);
    const loaded = statuses.some((row) => row.ident?.origin === ident.origin && row.ident?.name === ident.name);
    if (!loaded && named) return await load(ident, options, false, context);
    if (named) await session.tell(toUpdateMessage(ident, options));
    await session.tell({ type: 'SvcStart', ident: toWireIdent(ident) });
  } catch (error) {
    if (!isUnreachable(error) || options.remoteSup !== undefined) throw error;
    // Everything that was typed behind the word, as `sup run` wants it.
    runSupervisor(context.argv.slice(2), context);
  }
}

type Status = CtlMessages['ServiceStatus'];

const isDown = (row: Status): boolean => row.process?.state !== PROCESS_STATES.up;

async function collectStatuses(
  session: { ask: Awaited<ReturnType<typeof openSession>>['ask'] },
  ident: PackageIdent | undefined,
): Promise<Status[]> {
  const rows: Status[] = [];
  const request = { type: 'SvcStatus', ident: ident === undefined ? undefined : toWireIdent(ident) } as const;
  for await (const part of session.ask(request)) if (part.type === 'ServiceStatus') rows.push(part);
  return rows;
}

export async function status(
  ident: PackageIdent | undefined,
  { remoteSup }: Remote,
  context: CommandContext,
): Promise<number> {
  const { ui } = context;
  const session = await openSession(context, remoteSup);
  let rows: Status[];
  try {
    rows = await collectStatuses(session, ident);
  } catch (error) {
    if (isUnreachable(error) && error instanceof Error) {
      ui.fatal(error.message);
      throw new CliError('CLI_EXIT', error.message, { details: { exitCode: STATUS_EXIT.noSupervisor }, cause: error });
    }
    if (isHabError(error, 'CTL_REFUSED') && (error.details as { netCode?: number }).netCode === NET_ERRORS.notFound) {
      ui.fatal(error.message);
      return STATUS_EXIT.notLoaded;
    }
    throw error;
  }
  if (ui.json) ui.document(rows.map(toJson));
  else if (rows.length === 0) ui.data('No services loaded.\n');
  else ui.data(formatStatusTable(rows.map(toRow)));
  for (const row of rows) if (row.problem !== undefined) ui.warn(`${groupText(row)}: ${row.problem}`);
  return ident !== undefined && rows.every(isDown) ? STATUS_EXIT.down : STATUS_EXIT.up;
}

function identText({ ident }: Status): string {
  return formatIdent({ origin: '', name: '', ...ident });
}

function groupText({ serviceGroup }: Status): string {
  return formatServiceGroup({ service: '', group: '', ...serviceGroup });
}

function toRow(row: Status): StatusRow {
  const { process: running } = row;
  return {
    ident: identText(row),
    type: row.composite ?? 'standalone',
    desired:
      row.desiredState === DESIRED_STATES.up ? 'up' : row.desiredState === DESIRED_STATES.down ? 'down' : '<none>',
    state: running?.state === PROCESS_STATES.up ? 'up' : 'down',
    elapsed: running === undefined ? '<none>' : String(running.elapsed ?? 0n),
    pid: running?.pid === undefined ? '<none>' : String(running.pid),
    group: groupText(row),
  };
}

function toJson(row: Status): unknown {
  const { ident, type, desired, state, group } = toRow(row);
  return {
    package: ident,
    type,
    desired,
    state,
    elapsed_seconds: row.process?.elapsed ?? null,
    pid: row.process?.pid ?? null,
    group,
    problem: row.problem ?? null,
  };
}
