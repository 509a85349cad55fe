import { type Census, type CensusGroup, withMemberConfig } from '@hab/census';
import type { Clock, Layout, RandomSource, ServiceLayout } from '@hab/core';
import { formatServiceGroup, type ServiceGroup } from '@hab/ident';
import type { ConfigPrecedence, ConfigTable, MergedConfig, SysFacts, TemplateDialect } from '@hab/templating';
import { collectExports } from '@hab/templating/config';

import { describeBindStatus, statusOfBind } from '../binds.ts';
import { type HookTimeouts, hooksOfReaction, type ServiceHook } from '../hooks.ts';
import type { RestartPolicy } from '../restart-policy.ts';
import { boundGroup, serviceContext } from '../service-context.ts';
import type { ServicePackage } from '../service-package.ts';
import type { ServiceSpec } from '../spec.ts';
import { callHook } from './call-hook.ts';
import { ConfigLayers } from './config-layers.ts';
import { configRefused } from './config-refused.ts';
import { createServiceDirectories } from './directories.ts';
import { writeGossipedFiles } from './gossiped-files.ts';
import { resolveIdentity, type ServiceIdentity } from './identity.ts';
import { PathWatcher } from './path-watcher.ts';
import type { Service, ServiceChange, ServiceFactory, ServiceInspection, ServicePreview } from './service.ts';
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
  readonly hookTimeoutsMs: HookTimeouts;
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
  readonly #layers: ConfigLayers;
  #spec: ServiceSpec;
  #files: ServiceFiles | undefined;
  #runner: ServiceRunner | undefined;
  #watcher: PathWatcher | undefined;
  #waiting = false;
  /** Files of the group that were written before anything ran. */
  #filesWritten = false;
  #layerProblem: string | undefined;
  #mergeProblems: ReadonlySet<string> = new Set();
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
    this.#layers = new ConfigLayers({
      clock: world.clock,
      pkg,
      configFrom: spec.configFrom,
      layout: world.layout,
      env: world.env,
      precedence: world.precedence,
      gossip: () => world.gossipConfig(this.#groupText),
    });
  }

  get runner(): ServiceRunner {
    if (this.#runner === undefined) throw new Error('a service is used before it is loaded');
    return this.#runner;
  }

  get config(): ConfigTable {
    return this.#layers.merged.config;
  }

  get exported(): ConfigTable {
    return collectExports(this.config, this.pkg.exports);
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
    await this.#layers.load();
    this.#merge();
    this.#publish();
    this.#filesWritten = await this.#takeFiles();
    const { dialect } = this.#world;
    this.#files = await ServiceFiles.load({
      source: this.#source,
      layout: this.#world.layout.service(name),
      identity: this.#identity,
      dialect,
      packagePath: this.#world.layout.package,
      context: (configPath) => (configPath === undefined ? this.#context() : this.#stagedContext(configPath)),
      say: (key, text) => this.#world.say(this.#groupText, key, text),
      check: (hook) => this.#checkConfig(hook),
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
    if (this.#filesWritten) void this.runner.filesUpdated();
  }

  async inputsChanged(): Promise<void> {
    this.#merge();
    const { config } = this;
    const running = this.runner.state.phase.type !== 'waiting';
    if (!running) this.#publish();
    if (this.#waiting) this.begin();
    else {
      this.#bindsAllow();
      await this.runner.inputsChanged();
    }
    // Others hear what a running service uses: neither what it refused nor what has been replaced meanwhile.
    if (running && this.runner.problem === undefined && this.config === config) this.#publish();
    // A service that has not begun reads them when it does.
    const { type } = this.runner.state.phase;
    if ((await this.#takeFiles()) && type !== 'waiting') await this.runner.filesUpdated();
  }

  /** @returns whether any file of the group is new. */
  async #takeFiles(): Promise<boolean> {
    const files = this.#world.census().groups.get(this.#groupText)?.files;
    if (files === undefined || files.size === 0) return false;
    const layout = this.#world.layout.service(this.pkg.ident.name);
    const { written, failed } = await writeGossipedFiles(files.values(), layout, this.#identity);
    for (const name of written) this.#say('SR', `Service file updated, ${name}`);
    for (const [name, why] of failed) this.#sayOnce(`file ${name}`, `Cannot write the service file ${name}: ${why}`);
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
    const { clock, random, env, spawn, say, onChange } = this.#world;
    const collaborators = { clock, random, renderer: files, inheritedEnv: env, spawn, say, onChange };
    return new ServiceRunner(this.#facts(), collaborators);
  }

  #facts(): ServiceFacts {
    const { layout, policy, hookTimeoutsMs } = this.#world;
    const { shutdownSignal, shutdownTimeoutSec } = this.pkg;
    return {
      group: this.#groupText,
      layout: layout.service(this.pkg.ident.name),
      identity: this.#identity,
      env: this.#env,
      shutdownSignal: `SIG${shutdownSignal}` as NodeJS.Signals,
      shutdownTimeoutMs: (this.#spec.shutdownTimeoutSec ?? shutdownTimeoutSec) * 1000,
      healthCheckIntervalSec: this.#spec.healthCheckIntervalSec,
      policy,
      hookTimeoutsMs,
    };
  }

  /** @throws {@link ServiceError} `SERVICE_CONFIG_REFUSED` with the last words of the hook. */
  async #checkConfig(path: string): Promise<void> {
    const { env: inheritedEnv, clock, say } = this.#world;
    const result = await callHook(this.#facts(), { hook: 'config-check', path, inheritedEnv }, { clock, say });
    if (result.code !== 0) throw configRefused(this.#groupText, result);
  }

  /** Problems are told once, however often something else changes. */
  #merge(): void {
    const problems = new Set(this.#layers.merge().problems.map(({ message }) => message));
    for (const problem of problems) if (!this.#mergeProblems.has(problem)) this.#say('CF', problem);
    this.#mergeProblems = problems;
  }

  inspect(): ServiceInspection {
    const { merged } = this.#layers;
    return { merged, layers: this.#layers.inspect(), precedence: this.#world.precedence, problem: this.problem };
  }

  get problem(): string | undefined {
    return this.#layerProblem ?? this.#runner?.problem;
  }

  get context(): ConfigTable {
    return this.#context();
  }

  /** What would be merged and exported, were that applied to the group. */
  configWith(gossip: ConfigTable): { readonly merged: MergedConfig; readonly exported: ConfigTable } {
    const merged = this.#layers.mergeWith(gossip);
    return { merged, exported: collectExports(merged.config, this.pkg.exports) };
  }

  preview({ gossip, census }: ServiceChange): ServicePreview {
    const cfg = gossip === undefined ? this.config : this.#layers.mergeWith(gossip).config;
    const { changes, checked, reaction } = this.#loadedFiles.preview(this.#buildContext(census, cfg));
    const begun = this.runner.state.phase.type !== 'waiting';
    const fired = begun ? hooksOfReaction(reaction) : [];
    const check: readonly ServiceHook[] = checked ? ['config-check'] : [];
    return { changes, reaction, hooks: [...check, ...fired.filter((hook) => this.#loadedFiles.has(hook))] };
  }

  get #loadedFiles(): ServiceFiles {
    if (this.#files === undefined) throw new Error('a service is used before it is loaded');
    return this.#files;
  }

  #publish(): void {
    this.#world.publish(this.#groupText, this.pkg, this.exported);
  }

  /** The same object as long as nothing in it can have changed: whoever renders sees that by its identity. */
  #context(): ConfigTable {
    const census = this.#world.census();
    const held = this.#lastContext;
    if (held?.census === census && held.config === this.config && held.binds === this.#spec.binds) return held.context;
    const context = this.#buildContext(this.#censusWithOwnExports(census), this.config);
    this.#lastContext = { census, config: this.config, binds: this.#spec.binds, context };
    return context;
  }

  /** Where the check of a configuration finds it. */
  #stagedContext(config: string): ConfigTable {
    const layout = { ...this.#world.layout.service(this.pkg.ident.name), config };
    return this.#buildContext(this.#censusWithOwnExports(this.#world.census()), this.config, layout);
  }

  /** Templates see `svc.me` as it will be when their configuration is in force, not a rendering later. */
  #censusWithOwnExports(census: Census): Census {
    return withMemberConfig(census, this.#groupText, this.#world.sys.memberId, this.exported);
  }

  #buildContext(
    census: Census,
    cfg: ConfigTable,
    layout: ServiceLayout = this.#world.layout.service(this.pkg.ident.name),
  ): ConfigTable {
    return serviceContext({
      sys: this.#world.sys,
      pkg: this.pkg,
      env: this.#env,
      user: this.#identity.user,
      group: this.#identity.group,
      layout,
      cfg,
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
      this.#sayOnce(`bind ${bind.name}`, text);
      if (status.type !== 'satisfied' && required.has(bind.name)) allowed = false;
    }
    return allowed || this.#spec.bindingMode === 'relaxed';
  }

  /** The kernel tells that something may have changed; only other text is a change. */
  async #lookAtUserConfig(): Promise<void> {
    try {
      if (!(await this.#layers.hasNewUserText())) return;
      this.#say('UCW', `user.toml changes detected for ${this.pkg.ident.origin}/${this.pkg.ident.name}`);
      this.#layers.takeUserText();
      this.#layerProblem = undefined;
      await this.inputsChanged();
    } catch (error) {
      this.#layerProblem = `Reloading user-config failed: ${error instanceof Error ? error.message : String(error)}`;
      this.#say('CF', this.#layerProblem);
    }
  }

  /** Unless that was the last that was said of it. */
  #sayOnce(subject: string, text: string): void {
    if (this.#said.get(subject) !== text) this.#say('SR', text);
    this.#said.set(subject, text);
  }

  #say(key: string, text: string): void {
    this.#world.say(this.#groupText, key, text);
  }
}
