import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';

import { isCtlError, MAX_DOCUMENT_BYTES, NET_ERRORS, readDocument } from '@hab/ctl';
import { formatServiceGroup, type ServiceGroup } from '@hab/ident';
import { type ConfigTable, formatJson, isConfigTable, parseJson } from '@hab/templating';

import { askExtended, isUnknownRequest } from '../ask-extended.ts';
import { formatChange, shortChange, warningsOf } from '../change-report.ts';
import type { CommandContext } from '../context.ts';
import { failed } from '../errors.ts';
import { toWireGroup } from '../load-options.ts';
import { readAll } from '../read-all.ts';
import { openSession, type SupervisorSession } from '../supervisor-session.ts';

export interface ApplyOptions {
  readonly merge?: boolean;
  readonly delete?: readonly string[];
  readonly dryRun?: boolean;
  readonly remoteSup?: string;
}

export interface ApplyRequest {
  readonly group: ServiceGroup;
  readonly version: bigint;
  readonly file: string | undefined;
}

/** Largest configuration that a ring carries. See spec/templating 10. */
const MAX_CONFIG_BYTES = 65_536;

/** Applies a configuration, or shows what applying it would do. See spec/cli 6.3 and spec/templating 18.16. */
export async function applyConfig(
  { group, version, file }: ApplyRequest,
  options: ApplyOptions,
  context: CommandContext,
): Promise<void> {
  const { ui } = context;
  // Whoever only takes keys out need not say what comes in; whoever merges has something to merge.
  const comesIn = options.delete === undefined || options.merge === true;
  const cfg = await readConfig(file ?? (comesIn ? '-' : undefined), context);
  const session = await openSession(context, options.remoteSup);
  const name = formatServiceGroup(group);
  const serviceGroup = toWireGroup(group);
  if (options.dryRun === true) ui.begin(`Trying configuration version ${version} for ${name}`);
  else {
    ui.begin(`Setting new configuration version ${version} for ${name}`);
    ui.status('Creating', 'service configuration');
  }
  await validate({ type: 'SvcValidateCfg', serviceGroup, format: 0, cfg }, session, context);
  if (options.dryRun !== true) ui.status('Applying', `via peer ${session.address}`);
  const { merge, dryRun } = options;
  const ask = async (): Promise<ConfigTable> => {
    const request = { type: 'SvcChangeCfg', serviceGroup, cfg, version, merge, dryRun, delete: options.delete ?? [] };
    return readChange(await readDocument(session.ask({ ...request, type: 'SvcChangeCfg' })), session.address);
  };
  if (merge === true || dryRun === true || options.delete !== undefined) {
    return report(await askExtended(ask), context);
  }
  let document: ConfigTable;
  try {
    document = await ask();
  } catch (error) {
    if (!isUnknownRequest(error)) throw error;
    // Every release knows how to replace a whole configuration, and says nothing about it.
    await session.tell({ type: 'SvcSetCfg', serviceGroup, cfg, version });
    ui.end('Applied configuration');
    return;
  }
  report(document, context);
}

function readChange(text: string, address: string): ConfigTable {
  const document = parseJson(text, { source: `the answer of ${address}`, maxBytes: MAX_DOCUMENT_BYTES });
  if (isConfigTable(document)) return document;
  throw failed(`${address} answered something else than what the change does`);
}

function report(document: ConfigTable, { ui }: CommandContext): void {
  const outcome = document.get('outcome');
  const [group, current] = [document.get('service_group'), document.get('current_version')];
  if (ui.json) ui.data(`${formatJson(document, { indent: 0 })}\n`);
  if (outcome === 'stale') {
    ui.warn(`Nothing changed: ${group} has version ${current}. Use a version above that.`);
    return;
  }
  for (const warning of warningsOf(document)) ui.warn(warning);
  if (outcome === 'dry-run') {
    if (!ui.json) ui.data(formatChange(document));
    ui.end('Nothing was changed');
    return;
  }
  for (const line of shortChange(document)) ui.note(`${line}\n`);
  ui.end('Applied configuration');
}

async function validate(
  request: Parameters<SupervisorSession['tell']>[0],
  session: SupervisorSession,
  { ui }: CommandContext,
): Promise<void> {
  try {
    await session.tell(request);
  } catch (error) {
    // The service's own opinion is a warning: it may not run here, or not yet.
    if (!isCtlError(error, 'CTL_REFUSED') || error.details.netCode !== NET_ERRORS.invalidPayload) throw error;
    ui.warn(error.message);
  }
}

async function readConfig(file: string | undefined, { stdin, cwd }: CommandContext): Promise<Uint8Array> {
  if (file === undefined) return new Uint8Array();
  const bytes = file === '-' ? await readAll(stdin, MAX_CONFIG_BYTES) : await readGiven(file, cwd);
  if (bytes.length > MAX_CONFIG_BYTES) {
    throw failed(`Configuration too large. Maximum allowed is ${MAX_CONFIG_BYTES} bytes.`);
  }
  return bytes;
}

async function readGiven(file: string, cwd: string): Promise<Uint8Array> {
  try {
    return await readFile(resolve(cwd, file));
  } catch (error) {
    throw failed(`Cannot read ${file}`, 'Check its name and permissions.', error);
  }
}
