import { join } from 'node:path';

import type { CensusGroup } from '@hab/census';
import type { Clock, Layout } from '@hab/core';
import { readRegularFile } from '@hab/core/node';
import {
  type ConfigPrecedence,
  type ConfigTable,
  EMPTY_TABLE,
  type MergedConfig,
  mergeServiceLayers,
  parseToml,
} from '@hab/templating';
import { environmentVariable, parseEnvironmentLayer } from '@hab/templating/config';

import { ServiceError } from '../errors.ts';
import type { ServicePackage } from '../service-package.ts';
import type { InspectedLayer } from './service.ts';

export interface ConfigLayersOptions {
  readonly clock: Clock;
  readonly pkg: ServicePackage;
  /** Folder whose `default.toml` counts instead of the package's. */
  readonly configFrom: string | undefined;
  readonly layout: Layout;
  /** Holds the environment layer. */
  readonly env: Readonly<Record<string, string>>;
  readonly precedence: ConfigPrecedence;
  /** Configuration applied to the service's group, at the time of asking. */
  readonly gossip: () => CensusGroup['config'];
}

interface FixedLayers {
  readonly default: ConfigTable;
  readonly user: ConfigTable;
  readonly environment: ConfigTable;
}

/** A file that is written in place is empty at first, then has its beginning: it counts when it stays as it is so long. */
const SETTLE_MS = 20;
/** Longest file of configuration. */
const MAX_BYTES = 16 * 1_048_576;
/** Nobody writes a configuration longer than that; then what is there counts. */
const MAX_SETTLE_ROUNDS = 100;

/** The layers of one service's configuration: where they are read, and what they make together. See spec/templating 10. */
export class ConfigLayers {
  readonly #options: ConfigLayersOptions;
  #layers: FixedLayers = { default: EMPTY_TABLE, user: EMPTY_TABLE, environment: EMPTY_TABLE };
  #userText = '';
  #merged: MergedConfig = mergeServiceLayers({});

  constructor(options: ConfigLayersOptions) {
    this.#options = options;
  }

  /** Reads all but the applied layer. @throws what parsing throws, naming the layer's file or variable. */
  async load(): Promise<void> {
    const { pkg, env } = this.#options;
    const { name } = pkg.ident;
    const value = env[environmentVariable(name)];
    this.#userText = readText(this.userFile);
    this.#layers = {
      default: await this.#readDefault(),
      user: parseToml(this.#userText, { source: this.userFile }),
      environment: value === undefined ? EMPTY_TABLE : parseEnvironmentLayer(name, value),
    };
  }

  get userFile(): string {
    return this.#options.layout.userConfig(this.#options.pkg.ident.name);
  }

  /** @returns whether the file has another text than when it was last read; a writer in the middle of it is waited for. */
  async hasNewUserText(): Promise<boolean> {
    let text = readText(this.userFile);
    if (text === this.#userText) return false;
    for (let round = 0; round < MAX_SETTLE_ROUNDS; round++) {
      await this.#options.clock.sleep(SETTLE_MS);
      const again = readText(this.userFile);
      if (again === text) break;
      text = again;
    }
    if (text === this.#userText) return false;
    this.#userText = text;
    return true;
  }

  /** Takes the text that was read last. @throws when it does not parse: the layer before stays. */
  takeUserText(): void {
    this.#layers = { ...this.#layers, user: parseToml(this.#userText, { source: this.userFile }) };
  }

  /** Merges all layers anew. */
  merge(): MergedConfig {
    this.#merged = this.mergeWith(this.#options.gossip()?.value);
    return this.#merged;
  }

  mergeWith(gossip: ConfigTable | undefined): MergedConfig {
    return mergeServiceLayers({ ...this.#layers, gossip }, this.#options.precedence);
  }

  /** As last merged. */
  get merged(): MergedConfig {
    return this.#merged;
  }

  inspect(): readonly InspectedLayer[] {
    const { pkg } = this.#options;
    const gossip = this.#options.gossip();
    const version = gossip?.incarnation;
    return [
      { name: 'default', source: this.#defaultFile, table: this.#layers.default },
      { name: 'user', source: this.userFile, table: this.#layers.user },
      { name: 'gossip', source: 'hab config apply', table: gossip?.value ?? EMPTY_TABLE, version },
      { name: 'environment', source: environmentVariable(pkg.ident.name), table: this.#layers.environment },
    ];
  }

  get #defaultFile(): string {
    const { configFrom, pkg } = this.#options;
    return join(configFrom ?? pkg.directory, 'default.toml');
  }

  async #readDefault(): Promise<ConfigTable> {
    const { configFrom, pkg } = this.#options;
    const text = configFrom === undefined ? (pkg.defaultToml ?? '') : readText(this.#defaultFile);
    return parseToml(text, { source: this.#defaultFile });
  }
}

/** A file that is not there is an empty layer; one that is no UTF-8 is no configuration. */
function readText(path: string): string {
  let bytes: Uint8Array;
  try {
    bytes = readRegularFile(path, { maxBytes: MAX_BYTES });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return '';
    throw unusable(path, 'cannot be read', error);
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    throw unusable(path, 'is not UTF-8 text', error);
  }
}

function unusable(path: string, what: string, cause: unknown): ServiceError<'SERVICE_CONFIG_INVALID'> {
  const details = { layer: path };
  return new ServiceError('SERVICE_CONFIG_INVALID', `${path} ${what}`, { details, cause });
}
