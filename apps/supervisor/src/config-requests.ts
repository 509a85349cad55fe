import { type Census, withMemberConfig } from '@hab/census';
import type { CtlMessages } from '@hab/ctl';
import { formatServiceGroup } from '@hab/ident';
import type { LoadedService, Service, ServiceManager } from '@hab/services/node';
import {
  type ConfigTable,
  type ConfigValue,
  EMPTY_TABLE,
  formatJson,
  formatToml,
  isConfigTable,
  layerOf,
  type MergedConfig,
  mergeLayers,
  type PlainValue,
  type Provenance,
  parseToml,
  toConfigValue,
} from '@hab/templating';
import {
  compareConfig,
  formatKeyPath,
  MAX_GOSSIP_CONFIG_BYTES,
  mistypedConfigKeys,
  parseGossipLayer,
  parseKeyPath,
  removeConfigKey,
  unknownConfigKeys,
} from '@hab/templating/config';

import type { LocalRing } from './local-ring.ts';

export interface ConfigWorld {
  readonly manager: ServiceManager;
  readonly ring: LocalRing;
  readonly memberId: string;
}

type Plain = { readonly [key: string]: PlainValue };

const groupOf = (loaded: LoadedService): string => formatServiceGroup(loaded.group);

/** A layer as JSON shows it; `version` of what was applied. */
function layerView({ name, source, table, version }: ReturnType<Service['inspect']>['layers'][number]): Plain {
  return { name, source, present: table.size > 0, version: version ?? null, config: table };
}

const sourcesView = (provenance: Provenance): PlainValue =>
  Object.fromEntries([...provenance].map(([key, of]) => [key, typeof of === 'string' ? of : sourcesView(of)]));

/** The configuration of a service and where each value of it comes from, as JSON. */
export function inspectService(loaded: LoadedService, service: Service, withContext: boolean): string {
  const { merged, layers, precedence, problem } = service.inspect();
  const { origin, name, version, release } = service.pkg.ident;
  const view: Plain = {
    service_group: groupOf(loaded),
    package: `${origin}/${name}/${version}/${release}`,
    precedence,
    problem: problem ?? null,
    layers: layers.map(layerView),
    config: merged.config,
    sources: sourcesView(merged.provenance),
    ...(withContext ? { context: service.context } : {}),
  };
  return formatJson(toConfigValue(view), { indent: 0 });
}

/** What is to be applied to a group, as far as it can be told before anything is. */
export interface PlannedChange {
  readonly group: string;
  readonly version: bigint;
  /** The highest version that was ever applied; undefined when none was. */
  readonly current: bigint | undefined;
  readonly before: ConfigTable;
  readonly after: ConfigTable;
  /** TOML of `after`; what was sent, byte for byte, when it simply replaces. */
  readonly cfg: Uint8Array;
  /** Keys that were to be taken out and were not there. */
  readonly absent: readonly string[];
}

/**
 * Works out the configuration that a request leads to.
 *
 * @throws What parsing throws, `TEMPLATE_LIMIT_EXCEEDED` when the merged text is longer than a ring carries.
 */
export function planChange(request: CtlMessages['SvcChangeCfg'], group: string, ring: LocalRing): PlannedChange {
  const { cfg = new Uint8Array(), version = 0n, merge = false, delete: removed = [] } = request;
  const held = ring.configOf(group);
  const before = held?.value ?? EMPTY_TABLE;
  const given = parseGossipLayer(cfg);
  const base = { group, version, current: held?.incarnation, before };
  if (!merge && removed.length === 0) return { ...base, after: given, cfg, absent: [] };
  const absent: string[] = [];
  let after = before;
  for (const key of removed) {
    const removal = removeConfigKey(after, parseKeyPath(key));
    if (!removal.found) absent.push(key);
    after = removal.table;
  }
  const merged = mergeLayers([
    { name: 'applied before', table: after },
    { name: 'new', table: given },
  ]);
  const [problem] = merged.problems;
  if (problem !== undefined) throw problem;
  const text = new TextEncoder().encode(formatToml(merged.config));
  parseGossipLayer(text, `the merged configuration of ${group}, at most ${MAX_GOSSIP_CONFIG_BYTES} bytes,`);
  return { ...base, after: merged.config, cfg: text, absent };
}

/** Whether a version would be taken: gossip knows only the highest. */
export const isNewer = ({ version, current }: PlannedChange): boolean => version > (current ?? 0n);

/** What a change does, or would do, as JSON. Asked before it is applied: afterwards the files are on their way already. */
export function describeChange(change: PlannedChange, outcome: string, world: ConfigWorld): string {
  const { group, version, current } = change;
  const target = world.manager.services.find((loaded) => groupOf(loaded) === group);
  const view: Plain = {
    service_group: group,
    outcome,
    version,
    current_version: current ?? null,
    layer: change.after,
    changes: layerChanges(change, target?.service),
    warnings: [...warningsOf(change, target)],
    services: outcome === 'stale' ? [] : servicesView(change, target, world),
  };
  return formatJson(toConfigValue(view), { indent: 0 });
}

/** Keys of the applied layer, and what they mean for the merged configuration of the service here. */
function layerChanges({ before, after }: PlannedChange, service: Service | undefined): PlainValue {
  const merged = service?.configWith(after).merged;
  return compareConfig(before, after).map(({ path, before: old, after: now }) => ({
    key: formatKeyPath(path),
    ...(old === undefined ? {} : { before: old }),
    ...(now === undefined ? {} : { after: now }),
    in_force: merged === undefined ? null : (layerOf(merged, path) ?? null),
  }));
}

function* warningsOf({ before, after, absent, group }: PlannedChange, target: LoadedService | undefined) {
  for (const key of absent) yield `${key} was not applied to ${group}: there is nothing to delete`;
  const { service } = target ?? {};
  if (service === undefined) {
    yield `No service of ${group} runs here: it will take this configuration when it starts`;
    return;
  }
  const { defaultToml } = service.pkg;
  const defaults = defaultToml === undefined ? EMPTY_TABLE : parseToml(defaultToml);
  for (const path of unknownConfigKeys(after, defaults)) {
    yield `${formatKeyPath(path)} is not in the default.toml of the package: no template may read it`;
  }
  for (const { path, wanted, found } of mistypedConfigKeys(after, defaults)) {
    yield `${formatKeyPath(path)} is ${found} here and ${wanted} in the default.toml of the package`;
  }
  yield* shadowed(service.configWith(after).merged, before, after);
}

/** Values that another layer hides: applied, and without effect. */
function* shadowed(merged: MergedConfig, before: ConfigTable, after: ConfigTable): Generator<string> {
  for (const difference of compareConfig(before, after)) {
    for (const path of valuesBelow(difference.path, difference.after)) {
      const layer = layerOf(merged, path);
      if (layer === undefined || layer === 'gossip') continue;
      yield `${formatKeyPath(path)} has no effect: the ${layer} layer sets it too, and wins`;
    }
  }
}

/** A table that is new comes as one difference, and each of its values may be hidden. */
function* valuesBelow(path: readonly string[], value: ConfigValue | undefined): Generator<readonly string[]> {
  if (!isConfigTable(value) || value.size === 0) {
    if (value !== undefined) yield path;
    return;
  }
  for (const [key, member] of value) yield* valuesBelow([...path, key], member);
}

/** Every service here whose files would change: also those that only read what the group exports. */
function servicesView(
  { after, group }: PlannedChange,
  target: LoadedService | undefined,
  world: ConfigWorld,
): PlainValue {
  const census = censusAfter(after, target, world);
  return world.manager.services.flatMap((loaded): PlainValue[] => {
    const { service } = loaded;
    if (service === undefined) return [];
    const base = { service_group: groupOf(loaded), state: service.runner.state.phase.type };
    try {
      const own = base.service_group === group;
      const { changes, reaction, hooks } = service.preview({ gossip: own ? after : undefined, census });
      if (changes.length === 0 && !own) return [];
      const files = changes.map((file) => ({
        name: file.name,
        kind: file.kind,
        before: file.before ?? null,
        after: file.after ?? null,
      }));
      return [{ ...base, files, reaction: reaction?.type ?? 'none', hooks, problem: null }];
    } catch (error) {
      const problem = error instanceof Error ? error.message : String(error);
      return [{ ...base, files: [], reaction: 'none', hooks: [], problem }];
    }
  });
}

function censusAfter(after: ConfigTable, target: LoadedService | undefined, world: ConfigWorld): Census {
  const { census } = world.ring;
  if (target?.service === undefined) return census;
  return withMemberConfig(census, groupOf(target), world.memberId, target.service.configWith(after).exported);
}
