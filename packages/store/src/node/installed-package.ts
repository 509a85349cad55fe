import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Layout } from '@hab/core';
import {
  type BindDeclaration,
  type BindMapping,
  type CompositeType,
  DEFAULT_SHUTDOWN_SIGNAL,
  DEFAULT_SHUTDOWN_TIMEOUT_SEC,
  type KeyValues,
  type Metafile,
  type PackageType,
  parseBindDeclarations,
  parseBindMap,
  parseCompositeType,
  parseExposes,
  parseFuzzyIdentLines,
  parseIdentLines,
  parseInstallHookStatus,
  parseKeyValues,
  parsePackageType,
  parsePathList,
  parseShutdownSignal,
  parseShutdownTimeout,
  type ShutdownSignal,
} from '@hab/hart';
import type { FullIdent, PackageIdent } from '@hab/ident';

import { readMetafile } from './metafile-reader.ts';
import { absentAs } from './system-errors.ts';

/**
 * A package on this machine. Every question reads its metafile anew; an absent one gives what the specification gives.
 * All may throw {@link HartError} `HART_METAFILE_MALFORMED` and {@link StoreError} `STORE_IO_FAILED`.
 *
 * @see spec/formats, 10.1
 */
export interface InstalledPackage {
  readonly ident: FullIdent;
  /** Where it is on disk. */
  readonly directory: string;
  /** Where it believes to be: without the file-system root. */
  readonly prefix: string;
  /** Text of a metafile, trimmed; undefined when there is none. */
  metafile(name: Metafile): Promise<string | undefined>;
  deps(): Promise<readonly FullIdent[]>;
  /** All runtime dependencies, dependents before their dependencies. */
  tdeps(): Promise<readonly FullIdent[]>;
  buildDeps(): Promise<readonly FullIdent[]>;
  buildTdeps(): Promise<readonly FullIdent[]>;
  /** Public name to key in `default.toml`. */
  exports(): Promise<KeyValues>;
  /** Ports. */
  exposes(): Promise<readonly number[]>;
  binds(): Promise<readonly BindDeclaration[]>;
  bindsOptional(): Promise<readonly BindDeclaration[]>;
  svcUser(): Promise<string | undefined>;
  svcGroup(): Promise<string | undefined>;
  /** Without `SIG`. */
  shutdownSignal(): Promise<ShutdownSignal>;
  shutdownTimeoutSec(): Promise<number>;
  /** As written, `PATH` included; see `packageEnvironment` for what a command gets. */
  runtimeEnvironment(): Promise<KeyValues>;
  /** Values that are paths to be re-rooted. */
  runtimeEnvironmentPaths(): Promise<KeyValues>;
  /** Own search path: entries of `PATH` that lie below the prefix. */
  path(): Promise<readonly string[]>;
  /** `RUNTIME_PATH`; undefined for packages older than it. */
  recordedRuntimePath(): Promise<readonly string[] | undefined>;
  defaultToml(): Promise<string | undefined>;
  packageType(): Promise<PackageType>;
  compositeType(): Promise<CompositeType>;
  /** Members of a composite as written in its plan. */
  services(): Promise<readonly PackageIdent[]>;
  resolvedServices(): Promise<readonly FullIdent[]>;
  bindMap(): Promise<ReadonlyMap<string, readonly BindMapping[]>>;
  /** Exit code of the install hook's last run; undefined when it never ran. */
  installHookStatus(): Promise<number | undefined>;
  /** Where a hook's template is; undefined when the package has no such hook. */
  hook(name: string): Promise<string | undefined>;
  /** True for a service: it has a run hook or a start script. */
  isRunnable(): Promise<boolean>;
}

/** The package in a directory that is known to hold one. */
export function installedPackage(layout: Layout, ident: FullIdent): InstalledPackage {
  const { origin, name, version, release } = ident;
  const directory = layout.package(origin, name, version, release);
  return packageAt(directory, layout.prefix(origin, name, version, release), ident);
}

/** The package in any directory: in staging, for example. */
export function packageAt(directory: string, prefix: string, ident: FullIdent): InstalledPackage {
  const text = (metafile: Metafile): Promise<string | undefined> => readMetafile(directory, metafile);
  const parsed = async <T>(metafile: Metafile, parse: (text: string) => T, absent: T): Promise<T> => {
    const content = await text(metafile);
    return content === undefined ? absent : parse(content);
  };
  const idents = (metafile: Metafile) => parsed(metafile, (content) => parseIdentLines(metafile, content), []);
  const keyValues = (metafile: Metafile) =>
    parsed<KeyValues>(metafile, (content) => parseKeyValues(metafile, content), new Map());
  const binds = (metafile: Metafile) => parsed(metafile, (content) => parseBindDeclarations(metafile, content), []);
  return {
    ident,
    directory,
    prefix,
    metafile: text,
    deps: () => idents('DEPS'),
    tdeps: () => idents('TDEPS'),
    buildDeps: () => idents('BUILD_DEPS'),
    buildTdeps: () => idents('BUILD_TDEPS'),
    exports: () => keyValues('EXPORTS'),
    exposes: () => parsed('EXPOSES', parseExposes, []),
    binds: () => binds('BINDS'),
    bindsOptional: () => binds('BINDS_OPTIONAL'),
    svcUser: () => text('SVC_USER'),
    svcGroup: () => text('SVC_GROUP'),
    shutdownSignal: () => parsed('SHUTDOWN_SIGNAL', parseShutdownSignal, DEFAULT_SHUTDOWN_SIGNAL),
    shutdownTimeoutSec: () => parsed('SHUTDOWN_TIMEOUT', parseShutdownTimeout, DEFAULT_SHUTDOWN_TIMEOUT_SEC),
    runtimeEnvironment: () => keyValues('RUNTIME_ENVIRONMENT'),
    runtimeEnvironmentPaths: () => keyValues('RUNTIME_ENVIRONMENT_PATHS'),
    path: () => parsed('PATH', (content) => ownEntries(content, prefix), []),
    recordedRuntimePath: () =>
      parsed<string[] | undefined>('RUNTIME_PATH', (content) => parsePathList(content), undefined),
    defaultToml: () => text('default.toml'),
    packageType: () => parsed('PACKAGE_TYPE', parsePackageType, 'standard'),
    compositeType: () => parsed('TYPE', parseCompositeType, 'standalone'),
    services: () => parsed('SERVICES', (content) => parseFuzzyIdentLines('SERVICES', content), []),
    resolvedServices: () => idents('RESOLVED_SERVICES'),
    bindMap: () => parsed('BIND_MAP', parseBindMap, new Map()),
    installHookStatus: () => parsed<number | undefined>('INSTALL_HOOK_STATUS', parseInstallHookStatus, undefined),
    hook: async (name) => ((await isFile(join(directory, 'hooks', name))) ? join(directory, 'hooks', name) : undefined),
    isRunnable: async () => (await isFile(join(directory, 'hooks', 'run'))) || isFile(join(directory, 'run')),
  };
}

/** A foreign entry would put another package's programs before the dependencies. */
function ownEntries(text: string, prefix: string): string[] {
  return parsePathList(text).filter((entry) => entry === prefix || entry.startsWith(`${prefix}/`));
}

async function isFile(path: string): Promise<boolean> {
  return (await absentAs(undefined, () => stat(path)))?.isFile() === true;
}
