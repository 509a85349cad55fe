import { formatServiceGroup, type PackageIdent, type ServiceGroup } from '@hab/ident';
import { type ConfigTable, formatJson, formatToml, formatTomlValue, isConfigTable, parseToml } from '@hab/templating';
import { formatKeyPath } from '@hab/templating/config';

import type { CommandContext } from '../context.ts';
import { inspectGroup } from '../inspect-group.ts';
import { toWireIdent } from '../load-options.ts';
import { openSession } from '../supervisor-session.ts';

export interface ShowOptions {
  readonly source?: boolean;
  readonly remoteSup?: string;
}

/** A package's default configuration as every release shows it; a group's as it is in force. See spec/cli 6.3. */
export async function showConfig(
  subject: PackageIdent | ServiceGroup,
  options: ShowOptions,
  context: CommandContext,
): Promise<void> {
  if ('origin' in subject) await showDefaults(subject, options, context);
  else await showGroup(subject, options, context);
}

async function showDefaults(ident: PackageIdent, { remoteSup }: ShowOptions, context: CommandContext): Promise<void> {
  const { ui } = context;
  const session = await openSession(context, remoteSup);
  for await (const part of session.ask({ type: 'SvcGetDefaultCfg', ident: toWireIdent(ident) })) {
    if (part.type !== 'ServiceCfg') continue;
    if (ui.json) ui.data(`${formatJson(parseToml(part.default ?? ''), { indent: 0 })}\n`);
    else ui.data(part.default ?? '');
  }
}

async function showGroup(group: ServiceGroup, options: ShowOptions, context: CommandContext): Promise<void> {
  const { ui } = context;
  const seen = await inspectGroup(group, { remoteSup: options.remoteSup, context: false }, context);
  if (seen.problem !== undefined) {
    ui.warn(`The files of ${formatServiceGroup(group)} are older than what it is asked to use: ${seen.problem}`);
  }
  if (ui.json) ui.data(`${formatJson(options.source ? seen.document : seen.config, { indent: 0 })}\n`);
  else if (options.source)
    ui.data(formatSources(seen.config, seen.sources, (layer) => seen.layers.get(layer) ?? layer));
  else ui.data(formatToml(seen.config, { arrays: 'lines' }));
}

/** One line for each value, TOML still: `tls.cert = "host.pem"  # user, /hab/user/web/config/user.toml`. */
function formatSources(config: ConfigTable, sources: ConfigTable, describe: (layer: string) => string): string {
  const lines: [string, string][] = [];
  const walk = (table: ConfigTable, origins: ConfigTable, path: readonly string[]): void => {
    for (const [key, value] of table) {
      const place = [...path, key];
      const origin = origins.get(key);
      if (isConfigTable(value) && isConfigTable(origin)) walk(value, origin, place);
      else lines.push([`${formatKeyPath(place)} = ${formatTomlValue(value)}`, describe(String(origin))]);
    }
  };
  walk(config, sources, []);
  const width = Math.min(60, Math.max(0, ...lines.map(([line]) => line.length)));
  return lines.map(([line, layer]) => `${line.padEnd(width)}  # ${layer}\n`).join('');
}
