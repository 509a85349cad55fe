import { mkdirSync } from 'node:fs';
import type { SysInfo } from '@hab/census';
import { type Clock, createCallerLayout, HabError, type Layout, type RandomSource } from '@hab/core';
import { type FileLock, tryLockFile } from '@hab/core/node';
import { serveCtl } from '@hab/ctl/node';
import { parseIdent } from '@hab/ident';
import { LauncherClient } from '@hab/launcher/node';
import { defaultSpec, type ServicePackage, type ServiceSpec } from '@hab/services';
import { createServiceFactory, ServiceManager, SpecFolder } from '@hab/services/node';
import type { SysFacts } from '@hab/templating';

import { createCtlHandler } from './ctl-handler.ts';
import { readCtlSecret } from './ctl-secret.ts';
import { createRoutes } from './gateway-routes.ts';
import { findOutgoingAddress, hostName } from './host-facts.ts';
import { serveHttp } from './http-gateway.ts';
import { LocalRing } from './local-ring.ts';
import { readMemberId } from './member-id.ts';
import type { InitialService, SupervisorOptions } from './options.ts';
import type { Say } from './output.ts';
import { createPackageFinder } from './package-finder.ts';
import { VERSION } from './version.ts';

export interface SupervisorWorld {
  readonly env: Readonly<Record<string, string>>;
  readonly clock: Clock;
  readonly random: RandomSource;
  readonly say: Say;
  readonly effectiveUid: number;
  readonly switchUser: boolean;
  /** Pid of the Launcher. */
  readonly launcherPid: number;
}

/** Why a Supervisor ends. */
type Ending = 'stop' | 'restart';

/** A Supervisor: from its lock to its last line. */
export class Supervisor {
  readonly #options: SupervisorOptions;
  readonly #world: SupervisorWorld;
  readonly #layout: Layout;
  #end: (ending: Ending) => void = () => undefined;
  readonly #ending: Promise<Ending>;

  constructor(options: SupervisorOptions, world: SupervisorWorld) {
    this.#options = options;
    this.#world = world;
    this.#layout = createCallerLayout(world.env, world.effectiveUid);
    this.#ending = new Promise((resolve) => {
      this.#end = resolve;
    });
  }

  /** HUP: let everything run, for the next Supervisor. */
  restart(): void {
    this.#end('restart');
  }

  /** Stops all services, then leaves. */
  stop(): void {
    this.#end('stop');
  }

  /** @returns the exit status. @throws what keeps it from starting. */
  async run(): Promise<number> {
    const { supervisor } = this.#layout;
    for (const directory of [supervisor.specs, supervisor.data, supervisor.config])
      mkdirSync(directory, { recursive: true });
    using _lock = this.#lock(supervisor.lock);
    // The Launcher's first question is whether we live; everything that takes time comes after it.
    using launcher = await LauncherClient.connect(3, {
      onExited: ({ id, pid, exit }) => this.#manager?.exited(id, pid, exit),
      onShutdown: () => this.stop(),
      onClosed: () => this.stop(),
    });
    return await this.#serve(launcher);
  }

  #manager: ServiceManager | undefined;

  async #serve(launcher: LauncherClient): Promise<number> {
    const { clock, random, say, env, switchUser } = this.#world;
    const options = this.#options;
    const layout = this.#layout;
    say('hab-sup', 'MR', `core/hab-sup (core/hab-sup/${VERSION})`);
    const memberId = await readMemberId(layout.supervisor.memberId, random);
    say('hab-sup', 'MR', `Supervisor Member-ID ${memberId}`);
    const sys = await this.#sysFacts(memberId);
    const ring = await this.#openRing(sys);
    const finder = createPackageFinder({
      layout,
      artifacts: options.artifacts,
      env,
      clock,
      random,
      say,
      hooks: {
        switchUser,
        precedence: options.configPrecedence,
        dialect: options.templateDialect,
        hookTimeoutsMs: options.hookTimeoutsMs,
      },
    });
    let announcing = false;
    /** One service's exports may be another's input; told once per turn, however many changed. */
    const announce = (): void => {
      if (announcing) return;
      announcing = true;
      queueMicrotask(() => {
        announcing = false;
        this.#manager?.inputsChanged();
      });
    };
    const createLoaded = createServiceFactory({
      clock,
      random,
      layout,
      sys,
      env,
      switchUser,
      policy: options.policy,
      hookTimeoutsMs: options.hookTimeoutsMs,
      precedence: options.configPrecedence,
      dialect: options.templateDialect,
      census: () => ring.census,
      gossipConfig: (group) => ring.configOf(group),
      publish: (group, pkg, exported) => {
        if (ring.publishService(group, pkg.ident, exported)) announce();
      },
      spawn: (facts) =>
        launcher.spawn({
          id: facts.group,
          binary: facts.layout.run,
          env: facts.env,
          svcUser: facts.identity.user,
          svcGroup: facts.identity.group,
          ...(facts.identity.switches ? { svcUserId: facts.identity.uid, svcGroupId: facts.identity.gid } : {}),
        }),
      say,
      onChange: () => undefined,
    });
    const defaults = { bldrUrl: options.bldrUrl, channel: options.channel };
    const specs = new SpecFolder(layout.supervisor.specs, defaults, (file, reason) => {
      say('hab-sup', 'SD', `${file}: ${reason}. This file will be skipped.`);
    });
    using manager = new ServiceManager(
      { layout, organization: options.organization, policy: options.policy },
      {
        clock,
        random,
        specs,
        findPackage: finder.find,
        createService: async (spec, group, pkg) => {
          await finder.runInstallHooks(pkg.ident);
          return await createLoaded(spec, group, pkg);
        },
        pidOf: (group) => launcher.pidOf(group),
        say: (key, text) => say('hab-sup', key, text),
        onChange: () => undefined,
      },
    );
    this.#manager = manager;
    const secret = await readCtlSecret(layout.supervisor.ctlSecret, env['HAB_CTL_SECRET'], random);
    const handler = createCtlHandler({
      manager,
      ring,
      memberId,
      defaults,
      now: () => clock.now(),
      onRingChange: () => manager.inputsChanged(),
      onRestart: () => this.restart(),
    });
    const ctl = options.listenCtl;
    say('hab-sup', 'MR', `Starting ctl-gateway on ${ctl.host}:${ctl.port}`);
    await using _ctl = await listening('control gateway', ctl, () => serveCtl({ ...ctl, secret }, { handler }));
    await using stack = new AsyncDisposableStack();
    if (!options.httpDisable) {
      const http = options.listenHttp;
      say('hab-sup', 'MR', `Starting http-gateway on ${http.host}:${http.port}`);
      const routes = createRoutes({ manager, ring, layout, sys, policy: options.policy });
      const token = env['HAB_SUP_GATEWAY_AUTH_TOKEN'] || undefined;
      stack.use(await listening('HTTP gateway', http, () => serveHttp({ ...http, token }, routes)));
    }
    if (options.service !== undefined) await this.#loadInitial(options.service, manager, finder.findFile);
    await manager.start();
    return await this.#finish(manager, ring);
  }

  async #finish(manager: ServiceManager, ring: LocalRing): Promise<number> {
    const { say } = this.#world;
    const ending = await this.#ending;
    if (ending === 'restart') {
      say('hab-sup', 'MR', 'Supervisor shutting down for restart');
      await manager.detachAll();
    } else {
      say('hab-sup', 'MR', 'Supervisor stopping: all services end first');
      await manager.stopAll();
    }
    await ring.save();
    return 0;
  }

  async #loadInitial(
    initial: InitialService,
    manager: ServiceManager,
    installFile: (path: string) => Promise<ServicePackage>,
  ): Promise<void> {
    const { bldrUrl, channel } = this.#options;
    const isFile = initial.package.endsWith('.hart');
    const ident = isFile ? (await installFile(initial.package)).ident : parseIdent(initial.package);
    const merge = (existing: ServiceSpec | undefined): ServiceSpec => {
      const base = existing ?? defaultSpec(ident, { bldrUrl, channel });
      return {
        ...base,
        ident,
        desiredState: 'up',
        group: initial.group ?? base.group,
        topology: initial.topology ?? base.topology,
        updateStrategy: initial.strategy ?? base.updateStrategy,
        updateCondition: initial.updateCondition ?? base.updateCondition,
        binds: initial.binds.length > 0 ? initial.binds : base.binds,
        bindingMode: initial.bindingMode ?? base.bindingMode,
        healthCheckIntervalSec: initial.healthCheckIntervalSec ?? base.healthCheckIntervalSec,
        shutdownTimeoutSec: initial.shutdownTimeoutSec ?? base.shutdownTimeoutSec,
        configFrom: initial.configFrom ?? base.configFrom,
      };
    };
    await manager.load(ident, merge, true);
  }

  #lock(path: string): FileLock {
    const lock = tryLockFile(path);
    if (lock === undefined) {
      throw new HabError('SUPERVISOR_RUNNING', `Unable to lock ${path}. Is another Supervisor process running?`, {
        details: { path },
        hint: 'Stop the running one with `hab sup term`, or use another --root.',
      });
    }
    lock.write(String(this.#world.launcherPid));
    lock.share();
    return lock;
  }

  async #sysFacts(memberId: string): Promise<SysFacts> {
    const { listenGossip, listenHttp, listenCtl, sysIpAddress, permanentPeer } = this.#options;
    return {
      version: VERSION,
      memberId,
      ip: sysIpAddress ?? (await findOutgoingAddress()),
      hostname: hostName(),
      gossipIp: listenGossip.host,
      gossipPort: listenGossip.port,
      httpGatewayIp: listenHttp.host,
      httpGatewayPort: listenHttp.port,
      ctlGatewayIp: listenCtl.host,
      ctlGatewayPort: listenCtl.port,
      permanent: permanentPeer,
    };
  }

  async #openRing(sys: SysFacts): Promise<LocalRing> {
    const { version: _, memberId, permanent, ...info } = sys;
    const shown: SysInfo = info;
    return await LocalRing.open({
      memberId,
      sys: shown,
      address: '127.0.0.1',
      permanent,
      path: `${this.#layout.supervisor.data}/${memberId}.rst`,
      onWarning: (text) => this.#world.say('hab-sup', 'MR', text),
    });
  }
}

/** A port that is taken is the one thing an operator can do something about. */
async function listening<T>(
  name: string,
  { host, port }: { host: string; port: number },
  open: () => Promise<T>,
): Promise<T> {
  try {
    return await open();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const reason =
      code === 'EADDRINUSE' ? 'the address is in use' : code === 'EACCES' ? 'this user may not' : String(error);
    throw new HabError(
      'SUPERVISOR_CANNOT_LISTEN',
      `The ${name} is unable to bind to address ${host}:${port}: ${reason}`,
      {
        details: { address: `${host}:${port}` },
        cause: error,
        hint: `Free the port, or choose another with --listen-${name.startsWith('HTTP') ? 'http' : 'ctl'}.`,
      },
    );
  }
}
