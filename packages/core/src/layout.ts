/** Where a {@link Layout} hangs and whose caches it names. */
export interface LayoutOptions {
  /** File-system root in front of `/hab`. @defaultValue `/` */
  readonly root?: string | undefined;
  /**
   * Home of a caller who is not root: artifacts, keys and certificates are then under `<home>/.hab`, whatever `root` says.
   * Absent for root, and for a caller without a home. See spec/formats 4.1.
   */
  readonly home?: string | undefined;
  /** The tree's own absolute name, `HAB_ROOT_PATH` of a build; packages believe to be below it. @defaultValue `/hab` */
  readonly hab?: string | undefined;
}

/** Every path of the `/hab` tree. Values are absolute. See spec/formats 4 and spec/supervisor 2.1. */
export interface Layout {
  readonly root: string;
  readonly hab: string;
  readonly packages: string;
  readonly artifactCache: string;
  readonly keyCache: string;
  /** Sources of builds. Below the tree whoever builds: compilers write down where they found what they read. */
  readonly sourceCache: string;
  /** Where a build that is to be repeatable sees its plan, wherever that lies. */
  readonly buildView: string;
  readonly sslCache: string;
  readonly cliConfig: string;
  readonly launcher: LauncherLayout;
  readonly supervisor: SupervisorLayout;
  /** Directory of an installed package, by its four identity parts. */
  package(origin: string, name: string, version: string, release: string): string;
  /** Where the same package believes to be: without the root. */
  prefix(origin: string, name: string, version: string, release: string): string;
  service(name: string): ServiceLayout;
  /** `/hab/user/<name>/config/user.toml` */
  userConfig(name: string): string;
}

export interface LauncherLayout {
  readonly directory: string;
  readonly pid: string;
  /** What the Launcher knows of its children, for the next Launcher. */
  readonly processes: string;
  /** Socket on which the Launcher and its Supervisor talk. */
  readonly socket: string;
}

export interface SupervisorLayout {
  readonly directory: string;
  readonly lock: string;
  readonly memberId: string;
  readonly ctlSecret: string;
  readonly specs: string;
  readonly data: string;
  readonly config: string;
}

/** Directories and files of one service. */
export interface ServiceLayout {
  readonly directory: string;
  readonly config: string;
  readonly configInstall: string;
  readonly data: string;
  readonly files: string;
  readonly hooks: string;
  readonly logs: string;
  readonly static: string;
  readonly var: string;
  readonly pid: string;
  readonly run: string;
  /** Where a configuration is looked at before it replaces the one in force; there only meanwhile. */
  readonly staged: string;
  /** Pid of the process whose post-run has not succeeded yet. */
  readonly postRunPending: string;
  /** Pid of the process that has not heard of a change yet, and how it is to. */
  readonly reactionPending: string;
  /** There while a change of rendered files could still be taken back. */
  readonly changeJournal: string;
  /** Names of the configuration files that were rendered last, so that what a newer package lacks can go. */
  readonly rendered: string;
  hook(name: string): string;
  hookLog(name: string, stream: 'stdout' | 'stderr'): string;
}

/** Name of the tree below the root, where nothing else is said. */
const DEFAULT_TREE = '/hab';

/** Where a package of the default tree believes to be: `createLayout().prefix` for whoever needs nothing else of it. */
export function defaultPackagePrefix(origin: string, name: string, version: string, release: string): string {
  return `${DEFAULT_TREE}/pkgs/${origin}/${name}/${version}/${release}`;
}

/** Builds the layout; this module is the only place where `/hab` is spelt out. */
export function createLayout(options: LayoutOptions = {}): Layout {
  const root = trimSlash(options.root ?? '/');
  const tree = trimSlash(options.hab ?? DEFAULT_TREE);
  const hab = `${root}${tree}`;
  const cache = options.home === undefined ? `${hab}/cache` : `${trimSlash(options.home)}/.hab/cache`;
  const etc = options.home === undefined ? `${hab}/etc` : `${trimSlash(options.home)}/.hab/etc`;
  const supervisor = `${hab}/sup/default`;
  const launcher = `${hab}/launcher`;
  return {
    root: root === '' ? '/' : root,
    hab,
    packages: `${hab}/pkgs`,
    artifactCache: `${cache}/artifacts`,
    keyCache: `${cache}/keys`,
    sourceCache: `${hab}/cache/src`,
    buildView: `${hab}/cache/view`,
    sslCache: `${cache}/ssl`,
    cliConfig: `${etc}/cli.toml`,
    launcher: {
      directory: launcher,
      pid: `${launcher}/PID`,
      processes: `${launcher}/processes.json`,
      socket: `${launcher}/socket`,
    },
    supervisor: {
      directory: supervisor,
      lock: `${supervisor}/LOCK`,
      memberId: `${supervisor}/MEMBER_ID`,
      ctlSecret: `${supervisor}/CTL_SECRET`,
      specs: `${supervisor}/specs`,
      data: `${supervisor}/data`,
      config: `${supervisor}/config`,
    },
    package: (...parts) => `${hab}/pkgs/${parts.join('/')}`,
    prefix: (...parts) => `${tree}/pkgs/${parts.join('/')}`,
    service: (name) => serviceLayout(`${hab}/svc/${name}`),
    userConfig: (name) => `${hab}/user/${name}/config/user.toml`,
  };
}

/** What a layout reads of an environment; empty values count as unset. */
export interface LayoutEnvironment {
  readonly FS_ROOT?: string | undefined;
  readonly HOME?: string | undefined;
  /** Uid of who called, where a private root makes everybody look like root. */
  readonly HAB_ROOT_CALLER?: string | undefined;
}

/**
 * The layout that every program of one caller agrees on: caches of those who are not root are in their home.
 *
 * @param effectiveUid - Of this process; `HAB_ROOT_CALLER` knows better.
 */
export function createCallerLayout(env: LayoutEnvironment, effectiveUid: number): Layout {
  const uid = Number(env.HAB_ROOT_CALLER || effectiveUid);
  return createLayout({ root: env.FS_ROOT || undefined, home: uid === 0 ? undefined : env.HOME || undefined });
}

function serviceLayout(directory: string): ServiceLayout {
  return {
    directory,
    config: `${directory}/config`,
    configInstall: `${directory}/config_install`,
    data: `${directory}/data`,
    files: `${directory}/files`,
    hooks: `${directory}/hooks`,
    logs: `${directory}/logs`,
    static: `${directory}/static`,
    var: `${directory}/var`,
    pid: `${directory}/PID`,
    run: `${directory}/run`,
    staged: `${directory}/staged`,
    postRunPending: `${directory}/.post-run`,
    reactionPending: `${directory}/.reaction`,
    changeJournal: `${directory}/.change`,
    rendered: `${directory}/RENDERED`,
    hook: (name) => `${directory}/hooks/${name}`,
    hookLog: (name, stream) => `${directory}/logs/${name}.${stream}.log`,
  };
}

const trimSlash = (path: string): string => path.replace(/\/+$/, '');
