import { isHabError } from '@hab/core';
import {
  BINDING_MODES,
  CtlError,
  type CtlMessage,
  type CtlMessages,
  DESIRED_STATES,
  documentParts,
  NET_ERRORS,
  PROCESS_STATES,
  TOPOLOGIES,
  UPDATE_CONDITIONS,
  UPDATE_STRATEGIES,
  type WireIdent,
  type WireServiceGroup,
} from '@hab/ctl';
import type { CtlHandler, CtlResponder } from '@hab/ctl/node';
import { type Bind, formatIdent, formatServiceGroup, type PackageIdent, parseServiceGroup } from '@hab/ident';
import { defaultSpec, type ServiceSpec, type SpecDefaults } from '@hab/services';
import type { LoadedService, ServiceManager } from '@hab/services/node';
import { formatToml, parseToml } from '@hab/templating';
import { MAX_GOSSIP_CONFIG_BYTES, parseGossipLayer } from '@hab/templating/config';

import { describeChange, inspectService, isNewer, type PlannedChange, planChange } from './config-requests.ts';
import type { LocalRing } from './local-ring.ts';

export interface HandlerCollaborators {
  readonly manager: ServiceManager;
  readonly ring: LocalRing;
  readonly memberId: string;
  readonly defaults: SpecDefaults;
  readonly now: () => number;
  /** A configuration or file of a group is new. */
  readonly onRingChange: () => void;
  readonly onRestart: () => void;
}

type Answer = Promise<CtlMessage | undefined>;

const OK: CtlMessage = { type: 'NetOk' };

/** What the control gateway does for its clients. See spec/supervisor 5 and 11. */
export function createCtlHandler(collaborators: HandlerCollaborators): CtlHandler {
  return async (request, responder) => {
    try {
      return await answer(request, responder, collaborators);
    } catch (error) {
      throw asRefusal(error);
    }
  };
}

function answer(request: CtlMessage, responder: CtlResponder, world: HandlerCollaborators): Answer {
  switch (request.type) {
    case 'SvcLoad':
      return load(request, responder, world);
    case 'SvcUpdate':
      return update(request, responder, world);
    case 'SvcUnload':
      return unload(request, responder, world);
    case 'SvcStart':
      return setState(request, 'up', responder, world);
    case 'SvcStop':
      return setState(request, 'down', responder, world);
    case 'SvcStatus':
      return status(request, responder, world);
    case 'SvcGetDefaultCfg':
      return defaultConfig(request, world);
    case 'SvcValidateCfg':
      return validateConfig(request);
    case 'SvcSetCfg':
      return setConfig(request, responder, world);
    case 'SvcChangeCfg':
      return changeConfig(request, responder, world);
    case 'SvcInspect':
      return inspect(request, responder, world);
    case 'SvcFilePut':
      return putFile(request, responder, world);
    case 'SupRestart':
      world.onRestart();
      return Promise.resolve(undefined);
    default:
      throw refusal(NET_ERRORS.notSupported, `This Supervisor does not take ${request.type}`);
  }
}

async function load(
  request: CtlMessages['SvcLoad'],
  responder: CtlResponder,
  { manager, defaults }: HandlerCollaborators,
): Answer {
  const ident = readIdent(request.ident);
  const merge = (existing: ServiceSpec | undefined): ServiceSpec => {
    const base = existing ?? defaultSpec(ident, defaults);
    return {
      ...withFields(base, request),
      ident,
      channel: request.bldrChannel ?? defaults.channel,
      desiredState: 'up',
    };
  };
  const runsOn = await manager.load(ident, merge, request.force === true);
  say(responder, `The ${formatIdent(ident)} service was successfully loaded`);
  if (runsOn !== undefined) {
    const [running, installed] = [formatIdent(runsOn.running), formatIdent(runsOn.installed)];
    const name = formatIdent({ origin: ident.origin, name: ident.name });
    say(responder, `${running} runs on, for nothing that needs a restart has changed. ${installed} is installed too:`);
    say(responder, `hab svc stop ${name} and hab svc start ${name} move the service to it.`);
  }
  return OK;
}

async function update(
  request: CtlMessages['SvcUpdate'],
  responder: CtlResponder,
  { manager }: HandlerCollaborators,
): Answer {
  const ident = readIdent(request.ident);
  await manager.update(ident, (spec) => ({
    ...withFields(spec, request),
    channel: request.bldrChannel ?? spec.channel,
  }));
  say(responder, `Updating ${formatIdent(ident)}`);
  return OK;
}

async function unload(
  request: CtlMessages['SvcUnload'],
  responder: CtlResponder,
  { manager }: HandlerCollaborators,
): Answer {
  const ident = readIdent(request.ident);
  await manager.unload(ident, timeoutMs(request));
  say(responder, `Unloading ${formatIdent(ident)}`);
  return OK;
}

async function setState(
  request: CtlMessages['SvcStop'],
  state: 'up' | 'down',
  responder: CtlResponder,
  { manager }: HandlerCollaborators,
): Answer {
  const ident = readIdent(request.ident);
  if (!(await manager.setDesiredState(ident, state, timeoutMs(request)))) return OK;
  const doing = state === 'up' ? 'starting' : 'stopping';
  say(responder, `Supervisor ${doing} ${formatIdent(ident)}. See the Supervisor output for more details.`);
  return OK;
}

const timeoutMs = ({ timeoutInSeconds }: CtlMessages['SvcStop']): number | undefined =>
  timeoutInSeconds === undefined ? undefined : timeoutInSeconds * 1000;

async function status(
  request: CtlMessages['SvcStatus'],
  responder: CtlResponder,
  { manager, now }: HandlerCollaborators,
): Answer {
  if (request.ident === undefined) {
    const rows = manager.services.map((service) => statusOf(service, now()));
    for (const row of rows.slice(0, -1)) responder.send(row);
    return rows.at(-1) ?? OK;
  }
  const ident = readIdent(request.ident);
  const rows = manager.matching(ident).map((service) => statusOf(service, now()));
  if (rows.length === 0) throw refusal(NET_ERRORS.notFound, `Service not loaded, ${formatIdent(ident)}`);
  for (const row of rows.slice(0, -1)) responder.send(row);
  return rows.at(-1);
}

/** Live, not from a cache: whoever asks after a command sees what it did. */
function statusOf({ spec, group, service, pkg, problem }: LoadedService, nowMs: number): CtlMessage {
  const { origin, name, version, release } = pkg?.ident ?? spec.ident;
  const state = service?.runner.state;
  const pid = state?.phase.type === 'up' || state?.phase.type === 'stopping' ? state.phase.pid : undefined;
  const elapsed =
    state === undefined ? undefined : BigInt(Math.max(0, Math.floor((nowMs - state.stateEnteredMs) / 1000)));
  return {
    type: 'ServiceStatus',
    ident: { origin, name, version, release },
    process:
      state === undefined
        ? undefined
        : { elapsed, pid, state: pid === undefined ? PROCESS_STATES.down : PROCESS_STATES.up },
    serviceGroup: { service: group.service, group: group.group, organization: group.organization },
    desiredState: DESIRED_STATES[spec.desiredState],
    problem,
  };
}

async function defaultConfig(request: CtlMessages['SvcGetDefaultCfg'], { manager }: HandlerCollaborators): Answer {
  const ident = readIdent(request.ident);
  const [loaded] = manager.matching(ident);
  if (loaded?.pkg === undefined) throw refusal(NET_ERRORS.notFound, `Service not loaded, ${formatIdent(ident)}`);
  const text = loaded.pkg.defaultToml;
  return {
    type: 'ServiceCfg',
    format: 0,
    default: text === undefined ? '' : formatToml(parseToml(text), { arrays: 'lines' }),
  };
}

async function validateConfig({ cfg = new Uint8Array(), format = 0 }: CtlMessages['SvcValidateCfg']): Answer {
  if (format !== 0) throw refusal(NET_ERRORS.notSupported, 'Configuration comes as TOML');
  checkConfig(cfg);
  return OK;
}

async function setConfig(
  request: CtlMessages['SvcSetCfg'],
  responder: CtlResponder,
  { ring, onRingChange }: HandlerCollaborators,
): Answer {
  const { cfg = new Uint8Array(), version = 0n, isEncrypted = false } = request;
  const group = readGroup(request.serviceGroup);
  if (cfg.length > MAX_GOSSIP_CONFIG_BYTES) throw tooLarge(cfg.length);
  if (!isEncrypted) checkConfig(cfg);
  const { outcome, incarnation } = await ring.applyConfig(group, version, cfg, isEncrypted);
  if (outcome === 'stale') {
    say(responder, `Nothing changed: ${group} has version ${incarnation}. Use a version above that.`);
  } else onRingChange();
  return OK;
}

/** Parts of what was applied before stay, or nothing happens at all; either way the answer tells what follows. */
async function changeConfig(
  request: CtlMessages['SvcChangeCfg'],
  responder: CtlResponder,
  world: HandlerCollaborators,
): Answer {
  const group = readGroup(request.serviceGroup);
  const change = readChange(request, group, world);
  const stale = !isNewer(change);
  if (stale || request.dryRun === true) {
    return sendDocument(describeChange(change, stale ? 'stale' : 'dry-run', world), responder);
  }
  const document = describeChange(change, 'applied', world);
  const { outcome } = await world.ring.applyConfig(group, change.version, change.cfg, false);
  // Somebody was faster: what was worked out above is about a configuration that is no more.
  if (outcome === 'stale')
    return sendDocument(describeChange(readChange(request, group, world), 'stale', world), responder);
  world.onRingChange();
  return sendDocument(document, responder);
}

function readChange(
  request: CtlMessages['SvcChangeCfg'],
  group: string,
  { ring }: HandlerCollaborators,
): PlannedChange {
  const { cfg = new Uint8Array(), delete: removed = [] } = request;
  if (cfg.length > MAX_GOSSIP_CONFIG_BYTES) throw tooLarge(cfg.length);
  if (removed.length > MAX_REMOVED_KEYS) {
    throw refusal(NET_ERRORS.badPayload, `${removed.length} keys are too many: at most ${MAX_REMOVED_KEYS} at once`);
  }
  try {
    return planChange(request, group, ring);
  } catch (error) {
    if (isHabError(error, 'TEMPLATE_LIMIT_EXCEEDED')) throw refusal(NET_ERRORS.entityTooLarge, error.message, error);
    throw refusal(NET_ERRORS.badPayload, error instanceof Error ? error.message : String(error), error);
  }
}

/** Far more than anybody types, far fewer than would hold the Supervisor up. */
const MAX_REMOVED_KEYS = 1000;

async function inspect(
  request: CtlMessages['SvcInspect'],
  responder: CtlResponder,
  { manager }: HandlerCollaborators,
): Answer {
  const group = readGroup(request.serviceGroup);
  const loaded = manager.services.find((candidate) => formatServiceGroup(candidate.group) === group);
  if (loaded === undefined) throw refusal(NET_ERRORS.notFound, `No service of the group ${group} is loaded here`);
  const shown = loaded.service ?? loaded.last;
  if (shown === undefined) {
    const why = loaded.problem === undefined ? 'it has not been started yet' : loaded.problem;
    throw refusal(NET_ERRORS.notFound, `${group} has no configuration: ${why}`);
  }
  return sendDocument(inspectService(loaded, shown, request.context === true), responder);
}

function sendDocument(text: string, responder: CtlResponder): CtlMessage | undefined {
  const parts = documentParts(text);
  for (const part of parts.slice(0, -1)) responder.send(part);
  return parts.at(-1);
}

/** A part of a path, for a file system that allows names of 255 bytes. */
const isFileName = (name: string): boolean =>
  /^[^/\u0000]+$/.test(name) && name !== '.' && name !== '..' && Buffer.byteLength(name) <= 255;

async function putFile(
  request: CtlMessages['SvcFilePut'],
  responder: CtlResponder,
  { ring, onRingChange }: HandlerCollaborators,
): Answer {
  const { content = new Uint8Array(), filename = '', version = 0n, isEncrypted = false } = request;
  const group = readGroup(request.serviceGroup);
  if (content.length > MAX_GOSSIP_CONFIG_BYTES) throw tooLarge(content.length);
  if (!isFileName(filename)) {
    throw refusal(NET_ERRORS.badPayload, `"${filename}" is no file name`);
  }
  const { outcome, incarnation } = await ring.putFile(group, version, filename, content, isEncrypted);
  if (outcome === 'stale') {
    say(responder, `Nothing changed: ${filename} has version ${incarnation}. Use a version above that.`);
  } else onRingChange();
  return OK;
}

function checkConfig(cfg: Uint8Array): void {
  try {
    parseGossipLayer(cfg);
  } catch (error) {
    if (isHabError(error, 'TEMPLATE_LIMIT_EXCEEDED')) throw tooLarge(cfg.length);
    throw refusal(NET_ERRORS.badPayload, error instanceof Error ? error.message : String(error), error);
  }
}

const tooLarge = (size: number): CtlError =>
  refusal(NET_ERRORS.entityTooLarge, `${size} bytes are too many: at most ${MAX_GOSSIP_CONFIG_BYTES} are taken`);

/** Fields that were sent; numbers nobody knows change nothing. */
function withFields(
  spec: ServiceSpec,
  sent: CtlMessages['SvcUpdate'] & { readonly configFrom?: string | undefined },
): ServiceSpec {
  return {
    ...spec,
    group: sent.group ?? spec.group,
    bldrUrl: sent.bldrUrl ?? spec.bldrUrl,
    topology: wordOf(TOPOLOGIES, sent.topology) ?? spec.topology,
    updateStrategy: wordOf(UPDATE_STRATEGIES, sent.updateStrategy) ?? spec.updateStrategy,
    updateCondition: wordOf(UPDATE_CONDITIONS, sent.updateCondition) ?? spec.updateCondition,
    bindingMode: wordOf(BINDING_MODES, sent.bindingMode) ?? spec.bindingMode,
    binds: sent.binds === undefined ? spec.binds : (sent.binds.binds ?? []).map(readBind),
    configFrom: sent.configFrom ?? spec.configFrom,
    shutdownTimeoutSec: sent.shutdownTimeout ?? spec.shutdownTimeoutSec,
    svcEncryptedPassword: sent.svcEncryptedPassword ?? spec.svcEncryptedPassword,
    healthCheckIntervalSec: Number(sent.healthCheckInterval?.seconds ?? BigInt(spec.healthCheckIntervalSec)),
  };
}

function wordOf<T extends string>(words: Readonly<Record<T, number>>, value: number | undefined): T | undefined {
  return (Object.keys(words) as T[]).find((word) => words[word] === value);
}

function readBind({
  name = '',
  serviceGroup,
}: {
  readonly name?: string | undefined;
  readonly serviceGroup?: WireServiceGroup | undefined;
}): Bind {
  return { name, serviceGroup: parseServiceGroup(readGroup(serviceGroup)) };
}

function readIdent(wire: WireIdent | undefined): PackageIdent {
  const { origin = '', name = '', version, release } = wire ?? {};
  if (origin === '' || name === '')
    throw refusal(NET_ERRORS.updateClient, 'The request names no package: client out of date');
  // The name becomes a file and a folder.
  if (/[/\u0000]|^\.{1,2}$/.test(name)) throw refusal(NET_ERRORS.badPayload, `"${name}" is no package name`);
  return { origin, name, version, release };
}

function readGroup(wire: WireServiceGroup | undefined): string {
  const { service = '', group = '', organization } = wire ?? {};
  return formatServiceGroup(parseServiceGroup(formatServiceGroup({ service, group, organization })));
}

function say(responder: CtlResponder, line: string): void {
  responder.send({ type: 'ConsoleLine', line: `${line}\n`, bold: false });
}

function refusal(netCode: number, netMessage: string, cause?: unknown): CtlError<'CTL_REFUSED'> {
  return new CtlError('CTL_REFUSED', netMessage, { details: { netCode, netMessage }, cause });
}

/** Codes of our own packages, in the numbers of the wire. */
const NET_CODES: Readonly<Record<string, number>> = {
  SERVICE_LOADED_ALREADY: NET_ERRORS.conflict,
  SERVICE_NOT_LOADED: NET_ERRORS.notFound,
  SERVICE_BINDS_INVALID: NET_ERRORS.invalidPayload,
  IDENT_SERVICE_GROUP_INVALID: NET_ERRORS.badPayload,
};

function asRefusal(error: unknown): unknown {
  if (!isHabError(error) || isHabError(error, 'CTL_REFUSED')) return error;
  const text = error.hint === undefined ? error.message : `${error.message}. ${error.hint}`;
  return refusal(NET_CODES[error.code] ?? NET_ERRORS.internal, text, error);
}
