import { type Bind, formatBind, formatIdent, formatServiceGroup, type ServiceGroup, toIdentRecord } from '@hab/ident';
import type { ConfigTable, PlainValue } from '@hab/templating';

import type { Health } from './health.ts';
import type { ServiceHook } from './hooks.ts';
import type { LifecycleState } from './lifecycle.ts';
import type { RestartPolicy } from './restart-policy.ts';
import type { ServicePackage } from './service-package.ts';
import type { ServiceSpec } from './spec.ts';

/** Paths that a view shows. */
export interface ViewPaths {
  readonly supRoot: string;
  readonly data: string;
  readonly specs: string;
  readonly memberId: string;
  readonly lock: string;
  readonly specFile: string;
  readonly service: Readonly<
    Record<'directory' | 'config' | 'configInstall' | 'data' | 'files' | 'static' | 'var' | 'pid' | 'run', string>
  >;
  hook(name: string): string;
  hookLog(name: string, stream: 'stdout' | 'stderr'): string;
}

/** Everything that `/services` tells about one service. */
export interface ServiceFactsForView {
  readonly spec: ServiceSpec;
  readonly serviceGroup: ServiceGroup;
  readonly pkg: ServicePackage;
  /** What the service's environment gets from its package, PATH included. */
  readonly env: Readonly<Record<string, string>>;
  readonly user: string;
  readonly group: string;
  readonly cfg: ConfigTable;
  readonly health: Health;
  readonly lifecycle: LifecycleState;
  readonly hooks: ReadonlySet<ServiceHook>;
  readonly policy: RestartPolicy;
  readonly paths: ViewPaths;
  /** Why its files are not what the configuration asks for. */
  readonly problem?: string | undefined;
  /** The local Supervisor, as templates see it. */
  readonly sys: PlainValue;
}

/** Hooks of the object, in its order, under its names. */
const VIEW_HOOKS: readonly (readonly [string, ServiceHook])[] = [
  ['health_check', 'health-check'],
  ['init', 'init'],
  ['file_updated', 'file-updated'],
  ['reconfigure', 'reconfigure'],
  ['suitability', 'suitability'],
  ['run', 'run'],
  ['post_run', 'post-run'],
  ['post_stop', 'post-stop'],
];

/** One service object of the HTTP gateway. Keys and nesting are the originals'. See spec/supervisor 12.1. */
export function serviceView(facts: ServiceFactsForView): { readonly [key: string]: PlainValue } {
  const { spec, serviceGroup, pkg, lifecycle, policy, paths } = facts;
  return {
    all_pkg_binds: [...pkg.binds, ...pkg.bindsOptional].map(({ name, exports }) => ({ service: name, exports })),
    binding_mode: spec.bindingMode,
    binds: spec.binds.map((bind: Bind) => formatBind(bind)),
    bldr_url: spec.bldrUrl,
    cfg: facts.cfg,
    channel: spec.channel,
    config_from: spec.configFrom ?? null,
    desired_state: spec.desiredState === 'up' ? 'Up' : 'Down',
    health_check: facts.health,
    hooks: hooksView(facts),
    initialized: ['starting', 'up'].includes(lifecycle.phase.type),
    last_election_status: 'None',
    manager_fs_cfg: {
      sup_root: paths.supRoot,
      data_path: paths.data,
      specs_path: paths.specs,
      member_id_file: paths.memberId,
      proc_lock_file: paths.lock,
    },
    pkg: packageView(facts),
    process: processView(lifecycle),
    last_process_state: lastProcessView(lifecycle),
    next_restart_at: lifecycle.phase.type === 'backing-off' ? seconds(lifecycle.phase.untilMs) : null,
    restart_count: lifecycle.restartCount,
    restart_config: {
      min_backoff_period: duration(policy.minBackoffMs),
      max_backoff_period: duration(policy.maxBackoffMs),
      cooldown_period: duration(policy.cooldownMs),
    },
    service_group: formatServiceGroup(serviceGroup),
    spec_file: paths.specFile,
    spec_ident: { ...toIdentRecord(spec.ident) },
    spec_identifier: formatIdent(spec.ident),
    // Encrypted or not, a password is nobody's business.
    svc_encrypted_password: null,
    health_check_interval: { secs: spec.healthCheckIntervalSec, nanos: 0 },
    sys: facts.sys,
    topology: spec.topology,
    update_strategy: spec.updateStrategy,
    update_condition: spec.updateCondition,
    user_config_updated: false,
    // Ours, and only while there is one: the originals' object stays what it is.
    ...(facts.problem === undefined ? {} : { config_problem: facts.problem }),
  };
}

function hooksView({ hooks, paths }: ServiceFactsForView): PlainValue {
  const view = ([key, hook]: readonly [string, ServiceHook]): [string, PlainValue] => [
    key,
    hooks.has(hook)
      ? {
          render_pair: paths.hook(hook),
          stdout_log_path: paths.hookLog(hook, 'stdout'),
          stderr_log_path: paths.hookLog(hook, 'stderr'),
        }
      : null,
  ];
  return Object.fromEntries(VIEW_HOOKS.map(view));
}

function packageView({ pkg, env, user, group, paths }: ServiceFactsForView): PlainValue {
  const { directory, config, configInstall, data, files, static: fixed, var: variable, pid, run } = paths.service;
  return {
    ident: formatIdent(pkg.ident),
    origin: pkg.ident.origin,
    name: pkg.ident.name,
    version: pkg.ident.version,
    release: pkg.ident.release,
    deps: pkg.tdeps.map((ident) => ({ ...toIdentRecord(ident) })),
    dependencies: pkg.tdeps.map(formatIdent),
    env,
    exposes: pkg.exposes,
    exports: Object.fromEntries([...pkg.exports].sort(([a], [b]) => (a < b ? -1 : 1))),
    path: pkg.prefix,
    svc_path: directory,
    svc_config_path: config,
    svc_config_install_path: configInstall,
    svc_data_path: data,
    svc_files_path: files,
    svc_static_path: fixed,
    svc_var_path: variable,
    svc_pid_file: pid,
    svc_run: run,
    svc_user: user,
    svc_group: group,
    shutdown_signal: pkg.shutdownSignal,
    shutdown_timeout: pkg.shutdownTimeoutSec,
  };
}

function processView({ phase, stateEnteredMs }: LifecycleState): PlainValue {
  const pid = phase.type === 'up' || phase.type === 'stopping' ? phase.pid : null;
  return { pid, state: pid === null ? 'down' : 'up', state_entered: seconds(stateEnteredMs) };
}

function lastProcessView({ lastProcess }: LifecycleState): PlainValue {
  if (lastProcess === undefined) return null;
  const { pid, reason, atMs } = lastProcess;
  return { pid, termination_reason: reason, terminated_at: seconds(atMs) };
}

const seconds = (ms: number): number => Math.floor(ms / 1000);

const duration = (ms: number): PlainValue => ({ secs: seconds(ms), nanos: (ms % 1000) * 1_000_000 });
