import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import type { Census, CensusGroup } from '@hab/census';
import type { Clock, Layout, RandomSource } from '@hab/core';
import { formatServiceGroup, type ServiceGroup } from '@hab/ident';
import {
  type ConfigPrecedence,
  type ConfigTable,
  collectExports,
  EMPTY_TABLE,
  environmentVariable,
  mergeServiceLayers,
  parseEnvironmentLayer,
  parseToml,
  type SysFacts,
  type TemplateDialect,
} from '@hab/templating';

import { describeBindStatus, statusOfBind } from '../binds.ts';
import type { ServiceHook } from '../hooks.ts';
import type { RestartPolicy } from '../restart-policy.ts';
import { boundGroup, serviceContext } from '../service-context.ts';
import type { ServicePackage } from '../service-package.ts';
import type { ServiceSpec } from '../spec.ts';
import { createServiceDirectories } from './directories.ts';
import { writeGossipedFiles } from './gossiped-files.ts';
import { resolveIdentity, type ServiceIdentity } from './identity.ts';
import { PathWatcher } from './path-watcher.ts';
import type { Service, ServiceFactory } from './service.ts';
import { ServiceFiles } from './service-files.ts';
import { type ServiceFacts, ServiceRunner } from './service-runner.ts';

/** What all services of one Supervisor share. */
export interface ServiceWorld {
  readonly clock: Clock;
  readonly random: RandomSource;
  readonly layout: Layout;
  readonly sys: SysFacts;
  /** The Supervisor's own environment: hooks inherit it, and it holds the environment layers. */
  readonly env: Readonly<Record<string, string>>;
  /** May run services as others. */
  readonly switchUser: boolean;
  readonly policy: RestartPolicy;
  readonly precedence: ConfigPrecedence;
  readonly dialect: TemplateDialect;
  readonly census: () => Census;
  /** Configuration applied to a group. */
  readonly gossipConfig: (group: string) => CensusGroup['config'];
  /** Tells the ring what a service exports. */
  readonly publish: (group: string, pkg: ServicePackage, exported: ConfigTable) => void;
  readonly spawn: (facts: ServiceFacts) => Promise<number>;
  readonly say: (preamble: string, key: string, text: string) => void;
  readonly onChange: () => void;
}

/** Makes services that live in this world. */
export function createServiceFactory(world: ServiceWorld): ServiceFactory {
  return async (spec, group, pkg) => {
    const identity = await resolveIdentity({ user: pkg.svcUser, group: pkg.svcGroup }, world.switchUser);
    const layout = world.layout.service(pkg.ident.name);
    await createServiceDirectories(layout, identity);
    const service = new LoadedServiceDriver(world, spec, group, pkg, identity);
    await service.load();
    return service;
  };
}

class LoadedServiceDriver implements Service {
  readonly pkg: ServicePackage;
  readonly #world: ServiceWorld;
  readonly #group: ServiceGroup;
  readonly #groupText: string;
  readonly #identity: ServiceIdentity;
  readonly #env: Readonly<Record<string, string>>;
  readonly #source: string;
  #spec: ServiceSpec;
  #files: ServiceFiles | undefined;
  #runner: ServiceRunner | undefined;
  #watcher: PathWatcher | undefined;
  #userText = '';
  #layers: { default: ConfigTable; user: ConfigTable; environment: ConfigTable } = {
    default: EMPTY_TABLE,
    user: EMPTY_TABLE,
    environment: EMPTY_TABLE,
  };
  #config: ConfigTable = EMPTY_TABLE;
  #waiting = false;
  #lastContext:
    | {
        readonly census: Census;
        readonly config: ConfigTable;
        readonly binds: ServiceSpec['binds'];
        readonly context: ConfigTable;
      }
    | undefined;
  #said = new Map<string, string>();

  constructor(
    world: ServiceWorld,
    spec: ServiceSpec,
    group: ServiceGroup,
    pkg: ServicePackage,
    identity: ServiceIdentity,
  ) {
    this.#world = world;
    this.#spec = spec;
    this.#group = group;
    this.#groupText = formatServiceGroup(group);
    this.pkg = pkg;
    this.#identity = identity;
    const path = [...pkg.runtimePath, ...(world.env['PATH'] ?? '').split(':')].filter((entry) => entry !== '');
    this.#env = { ...pkg.env, PATH: path.join(':') };
    this.#source = spec.configFrom ?? pkg.directory;
  }

  get runner(): ServiceRunner {
    if (this.#runner === undefined) throw new Error('a service is used before it is loaded');
    return this.#runner;
  }

  get config(): ConfigTable {
    return this.#config;
  }

  get exported(): ConfigTable {
    return collectExports(this.#config, this.pkg.exports);
  }

  get hooks(): ReadonlySet<ServiceHook> {
    return this.#files?.hooks ?? new Set();
  }

  get env(): Readonly<Record<string, string>> {
    return this.#env;
  }

  get identity(): ServiceIdentity {
    return this.#identity;
  }

  /** Reads templates and layers. @throws when a layer or a template does not parse. */
  async load(): Promise<void> {
    const { name } = this.pkg.ident;
    const variable = environmentVariable(name);
    const value = this.#world.env[variable];
    this.#userText = await readText(this.#userConfig);
    this.#layers = {
      default: await this.#readDefault(),
      user: parseToml(this.#userText, { source: this.#userConfig }),
      environment: value === undefined ? EMPTY_TABLE : parseEnvironmentLayer(name, value),
    };
    this.#merge();
    this.#publish();
    await this.#takeFiles();
    this.#files = await ServiceFiles.load({
      source: this.#source,
      layout: this.#world.layout.service(name),
      identity: this.#identity,
      dialect: this.#world.dialect,
      packagePath: this.#world.layout.package,
      context: () => this.#context(),
      say: (key, text) => this.#world.say(this.#groupText, key, text),
    });
    this.#runner = this.#createRunner(this.#files);
    this.#watcher = new PathWatcher(this.#world.layout.userConfig(name), () => this.#lookAtUserConfig());
    this.#watcher.check();
  }

  begin(): void {
    if (this.#bindsAllow()) {
      this.#waiting = false;
      this.runner.begin();
      return;
    }
    if (!this.#waiting) this.#say('SR', 'Waiting for service binds...');
    this.#waiting = true;
  }

  adopt(pid: number): void {
    this.runner.adopt(pid);
  }

  async inputsChanged(): Promise<void> {
    this.#merge();
    this.#publish();
    if (this.#waiting) this.begin();
    else {
      this.#bindsAllow();
      await this.runner.inputsChanged();
    }
    const { phase } = this.runner.state;
    if ((await this.#takeFiles()) && phase.type === 'up') await this.runner.runExtraHook('file-updated');
  }

  /** @returns whether any file of the group is new. */
  async #takeFiles(): Promise<boolean> {
    const files = this.#world.census().groups.get(this.#groupText)?.files;
    if (files === undefined || files.size === 0) return false;
    const written = await writeGossipedFiles(
      files.values(),
      this.#world.layout.service(this.pkg.ident.name),
      this.#identity,
    );
    for (const name of written) this.#say('SR', `Service file updated, ${name}`);
    return written.length > 0;
  }

  specChanged(spec: ServiceSpec): void {
    this.#spec = spec;
  }

  async stop(timeoutMs?: number): Promise<void> {
    this.#watcher?.[Symbol.dispose]();
    await this.runner.stop(timeoutMs);
  }

  detach(): void {
    this.#watcher?.[Symbol.dispose]();
    this.runner.detach();
  }

  #createRunner(files: ServiceFiles): ServiceRunner {
    const { clock, random, env, layout, policy, spawn, say, onChange } = this.#world;
    const { shutdownSignal, shutdownTimeoutSec } = this.pkg;
    const facts: ServiceFacts = {
      group: this.#groupText,
      layout: layout.service(this.pkg.ident.name),
      identity: this.#identity,
      env: this.#env,
      shutdownSignal: `SIG${shutdownSignal}` as NodeJS.Signals,
      shutdownTimeoutMs: (this.#spec.shutdownTimeoutSec ?? shutdownTimeoutSec) * 1000,
      healthCheckIntervalSec: this.#spec.healthCheckIntervalSec,
      policy,
    };
    return new ServiceRunner(facts, { clock, random, renderer: files, inheritedEnv: env, spawn, say, onChange });
  }

  #merge(): void {
    const gossip = this.#world.gossipConfig(this.#groupText)?.value;
    const { config, problems } = mergeServiceLayers({ ...this.#layers, gossip }, this.#world.precedence);
    for (const problem of problems) this.#say('CF', problem.message);
    this.#config = config;
  }

  #publish(): void {
    this.#world.publish(this.#groupText, this.pkg, this.exported);
  }

  /** The same object as long as nothing in it can have changed: whoever renders sees that by its identity. */
  #context(): ConfigTable {
    const census = this.#world.census();
    const held = this.#lastContext;
    if (held?.census === census && held.config === this.#config && held.binds === this.#spec.binds) return held.context;
    const context = this.#buildContext(census);
    this.#lastContext = { census, config: this.#config, binds: this.#spec.binds, context };
    return context;
  }

  #buildContext(census: Census): ConfigTable {
    return serviceContext({
      sys: this.#world.sys,
      pkg: this.pkg,
      env: this.#env,
      user: this.#identity.user,
      group: this.#identity.group,
      layout: this.#world.layout.service(this.pkg.ident.name),
      cfg: this.#config,
      serviceGroup: this.#group,
      census,
      binds: this.#spec.binds,
    });
  }

  /** Required binds hold a service back in strict mode; optional ones never do (decision 16). Changes are told once. */
  #bindsAllow(): boolean {
    const census = this.#world.census();
    const declared = new Map([...this.pkg.binds, ...this.pkg.bindsOptional].map((bind) => [bind.name, bind]));
    const required = new Set(this.pkg.binds.map(({ name }) => name));
    let allowed = true;
    for (const bind of this.#spec.binds) {
      const wanted = declared.get(bind.name);
      if (wanted === undefined) continue;
      const group = census.groups.get(formatServiceGroup(bind.serviceGroup));
      const status = statusOfBind(wanted, group === undefined ? undefined : boundGroup(group));
      const text = describeBindStatus(bind, status);
      if (this.#said.get(bind.name) !== text) this.#say('SR', text);
      this.#said.set(bind.name, text);
      if (status.type !== 'satisfied' && required.has(bind.name)) allowed = false;
    }
    return allowed || this.#spec.bindingMode === 'relaxed';
  }

  /** The kernel tells that something may have changed; only other text is a change. */
  async #lookAtUserConfig(): Promise<void> {
    try {
      const text = await readText(this.#userConfig);
      if (text === this.#userText) return;
      this.#userText = text;
      this.#say('UCW', `user.toml changes detected for ${this.pkg.ident.origin}/${this.pkg.ident.name}`);
      this.#layers = { ...this.#layers, user: parseToml(text, { source: this.#userConfig }) };
      await this.inputsChanged();
    } catch (error) {
      this.#say('CF', `Reloading user-config failed: ${error instanceof Error ? error.message : String(error)}`);
    }
  }

  async #readDefault(): Promise<ConfigTable> {
    if (this.#spec.configFrom === undefined) {
      const { defaultToml } = this.pkg;
      return defaultToml === undefined ? EMPTY_TABLE : parseToml(defaultToml, { source: 'default.toml' });
    }
    const path = join(this.#spec.configFrom, 'default.toml');
    return parseToml(await readText(path), { source: path });
  }

  get #userConfig(): string {
    return this.#world.layout.userConfig(this.pkg.ident.name);
  }

  #say(key: string, text: string): void {
    this.#world.say(this.#groupText, key, text);
  }
}

/** A file that is not there is an empty layer. */
async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return '';
    throw error;
  }
}
