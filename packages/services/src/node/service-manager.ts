import type { Clock, Layout, RandomSource } from '@hab/core';
import {
  type FullIdent,
  formatIdent,
  formatServiceGroup,
  type PackageIdent,
  type ServiceGroup,
  satisfies,
} from '@hab/ident';
import type { ProcessExit } from '@hab/launcher';

import { checkBinds } from '../binds.ts';
import { isServiceError, ServiceError } from '../errors.ts';
import { type Reconciliation, reconcile } from '../reconcile.ts';
import type { RestartPolicy } from '../restart-policy.ts';
import type { ServicePackage } from '../service-package.ts';
import type { ServiceSpec } from '../spec.ts';
import { PathWatcher } from './path-watcher.ts';
import type { Service, ServiceFactory } from './service.ts';
import type { SpecFolder } from './spec-folder.ts';

export interface ManagerOptions {
  readonly layout: Layout;
  readonly organization?: string | undefined;
  readonly policy: RestartPolicy;
}

export interface ManagerCollaborators {
  readonly clock: Clock;
  readonly random: RandomSource;
  readonly specs: SpecFolder;
  /** The newest installed package that satisfies the ident, or one brought from elsewhere. */
  readonly findPackage: (spec: ServiceSpec) => Promise<ServicePackage>;
  readonly createService: ServiceFactory;
  /** Pid of a process that the Launcher runs for this group. */
  readonly pidOf: (group: string) => Promise<number | undefined>;
  readonly say: (key: string, text: string) => void;
  /** A service was added, removed, or changed what others see of it. */
  readonly onChange: () => void;
}

/** What `svc status` shows of one loaded service. */
export interface LoadedService {
  readonly spec: ServiceSpec;
  readonly group: ServiceGroup;
  /** Undefined while it is set down, or could not be started. */
  readonly service: Service | undefined;
  /** The package that runs, or ran last. */
  readonly pkg: ServicePackage | undefined;
  /** The service as it was before it was set down; only to be looked at. */
  readonly last: Service | undefined;
  /** Why it could not be started, or runs with older files than its configuration asks for. */
  readonly problem: string | undefined;
}

/** Two releases of a service: the one that runs, and the one that a start would take. */
export interface RunsOn {
  readonly running: FullIdent;
  readonly installed: FullIdent;
}

type Entry = Omit<LoadedService, 'problem'> & { readonly failure?: string | undefined };

/** Keeps what runs in step with the spec files. Each service's changes happen one after the other. */
export class ServiceManager implements Disposable {
  readonly #options: ManagerOptions;
  readonly #with: ManagerCollaborators;
  readonly #loaded = new Map<string, Entry>();
  /** Work under way, by package name. */
  readonly #queues = new Map<string, Promise<void>>();
  #watcher: PathWatcher | undefined;
  #closing = false;

  constructor(options: ManagerOptions, collaborators: ManagerCollaborators) {
    this.#options = options;
    this.#with = collaborators;
  }

  /** Starts what the spec files ask for, takes over what already runs, and follows the folder from now on. */
  async start(): Promise<void> {
    const { specs } = this.#with;
    const found = await specs.readAll();
    for (const spec of found.values()) await specs.write(spec);
    await this.#reconcileAll();
    this.#watcher = new PathWatcher(specs.path, () => this.#followSpecs());
  }

  get services(): readonly LoadedService[] {
    const sorted = [...this.#loaded.values()].sort((a, b) => (a.spec.ident.name < b.spec.ident.name ? -1 : 1));
    return sorted.map(withProblem);
  }

  /** The loaded service of that package name; other parts of the ident are not looked at (spec/supervisor 5.3). */
  find(ident: PackageIdent): LoadedService | undefined {
    const entry = this.#loaded.get(ident.name);
    return entry === undefined ? undefined : withProblem(entry);
  }

  /** The loaded services that an ident names: all of it counts. */
  matching(ident: PackageIdent): readonly LoadedService[] {
    return this.services.filter(({ spec, pkg }) => satisfies(pkg?.ident ?? spec.ident, ident));
  }

  /**
   * Loads a service.
   *
   * @param merge - Makes the new spec of the one that is there.
   * @throws {@link ServiceError} `SERVICE_LOADED_ALREADY` without `force`, `SERVICE_NOT_RUNNABLE`,
   *   `SERVICE_BINDS_INVALID`; what finding the package throws. Nothing is changed then.
   * @returns What runs on, when the new spec leaves it alone though another release would be started by now: a forced load
   *   restarts only what its spec changes (spec/supervisor 5.1), newer releases are the updater's business.
   */
  async load(
    ident: PackageIdent,
    merge: (existing: ServiceSpec | undefined) => ServiceSpec,
    force: boolean,
  ): Promise<RunsOn | undefined> {
    let runsOn: RunsOn | undefined;
    await this.#enqueue(ident.name, async () => {
      const before = this.#loaded.get(ident.name);
      const existing = before?.spec;
      if (existing !== undefined && !force) {
        throw new ServiceError('SERVICE_LOADED_ALREADY', `Service already loaded: ${formatIdent(existing.ident)}`, {
          details: { ident: formatIdent(existing.ident) },
          hint: 'Unload it first, or use --force to load it again with new options.',
        });
      }
      const spec = merge(existing);
      const pkg = await this.#with.findPackage(spec);
      if (!pkg.runnable) {
        throw new ServiceError('SERVICE_NOT_RUNNABLE', `Package is not runnable: ${formatIdent(pkg.ident)}`, {
          details: { ident: formatIdent(pkg.ident) },
          hint: 'A service needs a run hook, or pkg_svc_run in its plan.',
        });
      }
      checkBinds(spec.binds, pkg);
      await this.#with.specs.write(spec);
      runsOn = runningBeside(before, spec, pkg);
    });
    void this.#reconcileName(ident.name, { anew: runsOn === undefined });
    return runsOn;
  }

  /** Changes the spec of a loaded service. */
  async update(ident: PackageIdent, change: (existing: ServiceSpec) => ServiceSpec): Promise<void> {
    await this.#enqueue(ident.name, async () => {
      const spec = change(this.#require(ident).spec);
      const { pkg } = this.#require(ident);
      if (pkg !== undefined) checkBinds(spec.binds, pkg);
      await this.#with.specs.write(spec);
    });
    void this.#reconcileName(ident.name);
  }

  /** Forgets a service; it is stopped in the background. @param timeoutMs - Time until KILL. */
  async unload(ident: PackageIdent, timeoutMs: number | undefined): Promise<void> {
    const { spec } = this.#require(ident);
    await this.#with.specs.remove(spec);
    void this.#reconcileName(ident.name, { timeoutMs });
  }

  /** @returns false when it already was as wished. */
  async setDesiredState(ident: PackageIdent, desiredState: 'up' | 'down', timeoutMs?: number): Promise<boolean> {
    const { spec } = this.#require(ident);
    if (spec.desiredState === desiredState) return false;
    await this.#with.specs.write({ ...spec, desiredState });
    void this.#reconcileName(ident.name, { timeoutMs });
    return true;
  }

  /** Told by the Launcher. */
  exited(group: string, pid: number, exit: ProcessExit): void {
    for (const { service } of this.#loaded.values()) {
      if (service?.runner.facts.group === group) service.runner.exited(pid, exit);
    }
  }

  /** The ring, or a configuration, changed: services whose files read it follow. */
  inputsChanged(): void {
    for (const [name, { service }] of this.#loaded) {
      service?.inputsChanged().catch((error: unknown) => {
        this.#with.say('SR', `Cannot bring ${name} up to date: ${describe(error)}`);
      });
    }
  }

  /** Stops everything, side by side, and waits for it; spec files stay. */
  async stopAll(): Promise<void> {
    this.#close();
    await Promise.all([...this.#queues.values()]);
    await Promise.all([...this.#loaded.values()].map(({ service }) => service?.stop()));
  }

  /** Lets everything run on, for another Supervisor. */
  async detachAll(): Promise<void> {
    this.#close();
    await Promise.all([...this.#queues.values()]);
    for (const { service } of this.#loaded.values()) service?.detach();
  }

  [Symbol.dispose](): void {
    this.#close();
  }

  #close(): void {
    this.#closing = true;
    this.#watcher?.[Symbol.dispose]();
  }

  #require(ident: PackageIdent): Entry {
    const loaded = this.#loaded.get(ident.name);
    if (loaded !== undefined) return loaded;
    throw new ServiceError('SERVICE_NOT_LOADED', `Service not loaded, ${formatIdent(ident)}`, {
      details: { ident: formatIdent(ident) },
      hint: '`hab svc status` lists what is loaded.',
    });
  }

  /** Specs that cannot be read end no service. */
  async #followSpecs(): Promise<void> {
    try {
      await this.#reconcileAll();
    } catch (error) {
      this.#with.say('SR', `Cannot follow the specs, services stay as they are: ${describe(error)}`);
    }
  }

  async #reconcileAll(): Promise<void> {
    if (this.#closing) return;
    const onDisk = await this.#with.specs.readAll();
    const names = new Set([...onDisk.keys(), ...this.#loaded.keys()]);
    await Promise.all([...names].map((name) => this.#reconcileName(name)));
  }

  /** @param how.anew - A service that waits to begin is made again, from whatever is installed by now. */
  async #reconcileName(name: string, how: { timeoutMs?: number | undefined; anew?: boolean } = {}): Promise<void> {
    const { timeoutMs, anew = false } = how;
    await this.#enqueue(name, async () => {
      if (this.#closing) return;
      const onDisk = (await this.#with.specs.readAll()).get(name);
      const loaded = this.#loaded.get(name);
      const idle = loaded?.service?.runner.state.phase.type === 'waiting';
      const found = reconcile(loaded?.service === undefined ? undefined : loaded.spec, onDisk);
      const keeps = found.type === 'nothing' || found.type === 'update';
      const step: Reconciliation =
        anew && idle && keeps && onDisk !== undefined ? { type: 'restart', spec: onDisk } : found;
      if (step.type === 'stop' || step.type === 'restart') await loaded?.service?.stop(timeoutMs);
      if (onDisk === undefined) this.#loaded.delete(name);
      else if (step.type === 'start' || step.type === 'restart') await this.#startService(name, step.spec);
      else this.#keep(name, onDisk, step.type === 'stop' ? undefined : loaded?.service);
      this.#with.onChange();
    }).catch((error: unknown) => this.#with.say('SR', `Cannot follow the spec of ${name}: ${describe(error)}`));
  }

  async #startService(name: string, spec: ServiceSpec): Promise<void> {
    const { findPackage, createService, pidOf, say } = this.#with;
    this.#keep(name, spec, undefined);
    try {
      const pkg = await findPackage(spec);
      checkBinds(spec.binds, pkg);
      say('MR', `Starting ${formatIdent(spec.ident)} (${formatIdent(pkg.ident)})`);
      const service = await createService(spec, this.#groupOf(spec), pkg);
      this.#loaded.set(name, { spec, group: this.#groupOf(spec), service, pkg, last: undefined });
      const pid = await pidOf(formatServiceGroup(this.#groupOf(spec)));
      if (pid === undefined) service.begin();
      else service.adopt(pid);
    } catch (error) {
      // The spec stays: what is missing may come, and nobody's wish is lost. See spec/supervisor 18.6.
      const failure = describe(error);
      say('MR', `Unable to start ${formatIdent(spec.ident)}, ${failure}`);
      const entry = this.#loaded.get(name);
      if (entry !== undefined) this.#loaded.set(name, { ...entry, failure });
    }
  }

  #keep(name: string, spec: ServiceSpec, service: Service | undefined): void {
    const before = this.#loaded.get(name);
    const last = service === undefined ? (before?.service ?? before?.last) : undefined;
    this.#loaded.set(name, { spec, group: this.#groupOf(spec), service, pkg: service?.pkg ?? before?.pkg, last });
    service?.specChanged(spec);
  }

  #groupOf({ ident, group }: ServiceSpec): ServiceGroup {
    return { service: ident.name, group, organization: this.#options.organization };
  }

  /** Runs work on one service after the work before it, whether that failed or not. */
  #enqueue(name: string, work: () => Promise<void>): Promise<void> {
    const result = (this.#queues.get(name) ?? Promise.resolve()).then(work);
    this.#queues.set(
      name,
      result.catch(() => undefined),
    );
    return result;
  }
}

function runningBeside(before: Entry | undefined, spec: ServiceSpec, { ident }: ServicePackage): RunsOn | undefined {
  if (before?.service === undefined || before.service.runner.state.phase.type === 'waiting') return undefined;
  const { type } = reconcile(before.spec, spec);
  const running = before.service.pkg.ident;
  const stays = type === 'nothing' || type === 'update';
  return stays && formatIdent(running) !== formatIdent(ident) ? { running, installed: ident } : undefined;
}

const withProblem = ({ failure, ...entry }: Entry): LoadedService => ({
  ...entry,
  problem: failure ?? entry.service?.problem,
});

function describe(error: unknown): string {
  if (isServiceError(error, 'SERVICE_SPEC_INVALID')) return error.message;
  return error instanceof Error ? error.message : String(error);
}
