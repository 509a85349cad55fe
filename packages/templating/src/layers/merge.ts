import { TemplatingError } from '../errors.ts';
import { MAX_MERGE_DEPTH } from '../limits.ts';
import { type ConfigTable, type ConfigValue, EMPTY_TABLE, isConfigTable } from '../values.ts';

/** One layer of configuration. */
export interface ConfigLayer {
  /** `default`, `user`, `gossip`, `environment`, or any name the caller shows to people. */
  readonly name: string;
  readonly table: ConfigTable;
}

/**
 * Which layer each value comes from: a name for a leaf (arrays are leaves: they are replaced whole), a table for a
 * table. Keys in the order of the configuration.
 */
export type Provenance = ReadonlyMap<string, string | Provenance>;

/** The configuration that a service sees, and where it comes from. */
export interface MergedConfig {
  readonly config: ConfigTable;
  readonly provenance: Provenance;
  /** Layers that could not be merged to their end; what was merged before stays, later layers still count. */
  readonly problems: readonly TemplatingError<'TEMPLATE_MERGE_TOO_DEEP'>[];
}

type MutableProvenance = Map<string, string | MutableProvenance>;
interface Target {
  readonly values: Map<string, ConfigValue>;
  readonly origins: MutableProvenance;
}

/**
 * Merges layers, lowest first. Tables merge key by key, anything else replaces; a replaced key keeps its place, a new
 * one comes last; nothing deletes a key. A layer that shares more than 30 nested tables with those below stops there
 * and is reported in `problems`. The layers themselves are not changed.
 *
 * @see spec/templating 10
 */
export function mergeLayers(layers: readonly ConfigLayer[]): MergedConfig {
  const target: Target = { values: new Map(), origins: new Map() };
  const problems: TemplatingError<'TEMPLATE_MERGE_TOO_DEEP'>[] = [];
  for (const { name, table } of layers) if (!mergeInto(target, table, name, 0)) problems.push(tooDeep(name));
  return { config: target.values, provenance: target.origins, problems };
}

/** @returns false when it stopped because of the depth. */
function mergeInto(target: Target, table: ConfigTable, layer: string, depth: number): boolean {
  if (depth > MAX_MERGE_DEPTH) return false;
  for (const [key, value] of table) {
    const existing = target.values.get(key);
    if (!isConfigTable(existing) || !isConfigTable(value)) {
      target.values.set(key, value);
      target.origins.set(key, originsOf(value, layer));
      continue;
    }
    const inner = openTable(target, key, existing);
    const complete = mergeInto(inner, value, layer, depth + 1);
    if (!complete) return false;
  }
  return true;
}

/** Makes the table under a key ours to change: what a layer brought is shared with it until then. */
function openTable(target: Target, key: string, existing: ConfigTable): Target {
  const origin = target.origins.get(key);
  const inner: Target = { values: new Map(existing), origins: origin instanceof Map ? origin : new Map() };
  target.values.set(key, inner.values);
  target.origins.set(key, inner.origins);
  return inner;
}

/** An empty table is a leaf: somebody wrote it, and it has nothing inside to tell who. */
function originsOf(value: ConfigValue, layer: string): string | MutableProvenance {
  if (!isConfigTable(value) || value.size === 0) return layer;
  const origins: MutableProvenance = new Map();
  for (const [key, member] of value) origins.set(key, originsOf(member, layer));
  return origins;
}

function tooDeep(layer: string): TemplatingError<'TEMPLATE_MERGE_TOO_DEEP'> {
  const text = `The ${layer} layer shares more than ${MAX_MERGE_DEPTH} nested tables with those below; the rest of it is ignored`;
  return new TemplatingError('TEMPLATE_MERGE_TOO_DEEP', text, {
    details: { layer, max: MAX_MERGE_DEPTH },
    hint: 'Flatten the tables of this layer.',
  });
}

/** The layer of one value; undefined for a path that does not exist and for a table with members of its own. */
export function layerOf(merged: MergedConfig, path: readonly string[]): string | undefined {
  let current: string | Provenance | undefined = merged.provenance;
  for (const key of path) {
    if (typeof current === 'string') return current;
    current = current?.get(key);
  }
  return typeof current === 'string' ? current : undefined;
}

/** Every leaf with its layer, in the order of the configuration. */
export function* provenanceEntries(
  merged: MergedConfig,
): Generator<{ readonly path: readonly string[]; readonly layer: string }> {
  yield* entries(merged.provenance, []);
}

function* entries(table: Provenance, path: readonly string[]): Generator<{ path: readonly string[]; layer: string }> {
  for (const [key, origin] of table) {
    if (typeof origin === 'string') yield { path: [...path, key], layer: origin };
    else yield* entries(origin, [...path, key]);
  }
}

/** The layers of one service; a layer that does not exist is left out. */
export interface ServiceLayers {
  readonly default?: ConfigTable | undefined;
  readonly user?: ConfigTable | undefined;
  readonly gossip?: ConfigTable | undefined;
  readonly environment?: ConfigTable | undefined;
}

/**
 * Which layer wins. `default`: the environment over gossip over user over default, as the documents of the project
 * say. `original`: gossip over user over the environment over default, as every Habitat release does it.
 */
export type ConfigPrecedence = 'default' | 'original';

const ORDER = {
  default: ['default', 'user', 'gossip', 'environment'],
  original: ['default', 'environment', 'user', 'gossip'],
} as const;

/** Merges the layers of a service in the order that the precedence asks for. */
export function mergeServiceLayers(layers: ServiceLayers, precedence: ConfigPrecedence = 'default'): MergedConfig {
  return mergeLayers(ORDER[precedence].map((name) => ({ name, table: layers[name] ?? EMPTY_TABLE })));
}
