import { mkdir, readFile, rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import {
  butterflyView,
  type Census,
  type CensusGroup,
  CONTROL_SENDER,
  censusView,
  configOf,
  decodeRumorFile,
  EMPTY_STORE,
  encodeRumorFile,
  type MergeResult,
  mergeRumor,
  type Rumor,
  type RumorStore,
  type SysInfo,
  toCensus,
} from '@hab/census';
import { isHabError } from '@hab/core';
import { writeFileAtomic } from '@hab/core/node';
import { type FullIdent, formatIdent } from '@hab/ident';
import { type ConfigTable, formatJson, formatToml, toConfigValue } from '@hab/templating';

export interface LocalRingOptions {
  readonly memberId: string;
  readonly sys: SysInfo;
  /** Where others would reach this member. */
  readonly address: string;
  readonly permanent: boolean;
  /** The rumor store. */
  readonly path: string;
  readonly onWarning: (text: string) => void;
}

/** The ring as a Supervisor alone in it sees it: what it says itself and what operators gave it, kept across restarts. */
export class LocalRing {
  readonly #options: LocalRingOptions;
  #store: RumorStore;
  #census: Census;
  #saving: Promise<void> = Promise.resolve();

  private constructor(options: LocalRingOptions, store: RumorStore) {
    this.#options = options;
    this.#store = store;
    this.#census = toCensus(store, options.memberId);
  }

  /** A store that cannot be read is set aside: the Supervisor starts, and nothing is lost for whoever looks. */
  static async open(options: LocalRingOptions): Promise<LocalRing> {
    await mkdir(dirname(options.path), { recursive: true });
    const ring = new LocalRing(options, await readStore(options));
    const { memberId, address, sys, permanent } = options;
    ring.#merge({
      type: 'member',
      fromId: memberId,
      membership: {
        member: {
          id: memberId,
          incarnation: 0n,
          address,
          swimPort: sys.gossipPort,
          gossipPort: sys.gossipPort,
          persistent: permanent,
          departed: false,
          probePing: false,
        },
        health: 'Alive',
      },
    });
    return ring;
  }

  get census(): Census {
    return this.#census;
  }

  /** Tells what this member runs. @returns true when that is news. */
  publishService(serviceGroup: string, ident: FullIdent, exported: ConfigTable): boolean {
    const { memberId, sys } = this.#options;
    const held = this.#store.services.get(serviceGroup)?.get(memberId);
    const cfg = new TextEncoder().encode(formatToml(exported));
    const pkg = formatIdent(ident);
    if (held !== undefined && held.pkg === pkg && sameBytes(held.cfg, cfg)) return false;
    const incarnation = (held?.incarnation ?? 0n) + 1n;
    this.#merge({
      type: 'service',
      fromId: memberId,
      memberId,
      serviceGroup,
      incarnation,
      initialized: false,
      pkg,
      cfg,
      sys,
      pkgIncarnation: 0n,
    });
    return true;
  }

  /** Takes a group's new configuration in; it is on disk when this resolves. */
  async applyConfig(
    serviceGroup: string,
    incarnation: bigint,
    config: Uint8Array,
    encrypted: boolean,
  ): Promise<MergeResult> {
    const result = this.#merge({
      type: 'service-config',
      fromId: CONTROL_SENDER,
      serviceGroup,
      incarnation,
      encrypted,
      config,
    });
    if (result.outcome === 'changed') await this.save();
    return result;
  }

  async putFile(
    serviceGroup: string,
    incarnation: bigint,
    filename: string,
    body: Uint8Array,
    encrypted: boolean,
  ): Promise<MergeResult> {
    const result = this.#merge({
      type: 'service-file',
      fromId: CONTROL_SENDER,
      serviceGroup,
      incarnation,
      encrypted,
      filename,
      body,
    });
    if (result.outcome === 'changed') await this.save();
    return result;
  }

  /** Configuration applied to a group, whether or not anybody runs in it yet. */
  configOf(serviceGroup: string): CensusGroup['config'] {
    return configOf(this.#store, serviceGroup);
  }

  filesOf(serviceGroup: string): CensusGroup['files'] | undefined {
    return this.#census.groups.get(serviceGroup)?.files;
  }

  censusJson(): string {
    return formatJson(toConfigValue(censusView(this.#census, this.#store)), { indent: 0 });
  }

  butterflyJson(): string {
    return formatJson(toConfigValue(butterflyView(this.#store)), { indent: 0 });
  }

  /** One save after the other; a later one has everything. */
  save(): Promise<void> {
    const save = async (): Promise<void> => {
      await writeFileAtomic(this.#options.path, encodeRumorFile(this.#store), { mode: 0o600 });
    };
    this.#saving = this.#saving.then(save, save);
    return this.#saving;
  }

  #merge(rumor: Rumor): MergeResult {
    const result = mergeRumor(this.#store, rumor);
    if (result.outcome === 'changed') {
      this.#store = result.store;
      this.#census = toCensus(result.store, this.#options.memberId);
    }
    return result;
  }
}

async function readStore({ path, onWarning }: LocalRingOptions): Promise<RumorStore> {
  let bytes: Uint8Array;
  try {
    bytes = await readFile(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return EMPTY_STORE;
    throw error;
  }
  try {
    return decodeRumorFile(bytes);
  } catch (error) {
    if (!isHabError(error, 'CENSUS_STORE_INVALID')) throw error;
    await rename(path, `${path}.damaged`);
    onWarning(`${path} is damaged and was set aside as ${path}.damaged: ${error.message}`);
    return EMPTY_STORE;
  }
}

const sameBytes = (a: Uint8Array, b: Uint8Array): boolean =>
  a.length === b.length && a.every((byte, i) => byte === b[i]);
