import { stat } from 'node:fs/promises';
import { join } from 'node:path';

import {
  type Metafile,
  parseBindDeclarations,
  parseExposes,
  parseIdentLines,
  parseKeyValues,
  parseShutdownSignal,
  parseShutdownTimeout,
} from '@hab/hart';
import { type FullIdent, type PackageIdent, parseIdent } from '@hab/ident';

import { DEFAULT_SHUTDOWN, type ServicePackage } from '../service-package.ts';

/** An installed package, as a store hands it out. */
export interface MetafileSource {
  readonly ident: FullIdent;
  readonly directory: string;
  readonly prefix: string;
  /** Text of a metafile, trimmed; undefined when the package has none. */
  readonly metafile: (name: Metafile) => Promise<string | undefined>;
  /** Its search path, also of packages that do not record one. */
  readonly runtimePath: () => Promise<readonly string[]>;
}

/**
 * Reads what a Supervisor needs to know of a package.
 *
 * @throws What the metafiles' own parsers throw for texts that are none.
 */
export async function readServicePackage(source: MetafileSource): Promise<ServicePackage> {
  const { ident, directory, prefix, metafile } = source;
  const read = async <T>(name: Metafile, parse: (text: string) => T, absent: T): Promise<T> => {
    const text = await metafile(name);
    return text === undefined ? absent : parse(text);
  };
  const env = await read(
    'RUNTIME_ENVIRONMENT',
    (text) => parseKeyValues('RUNTIME_ENVIRONMENT', text),
    new Map<string, string>(),
  );
  return {
    ident,
    directory,
    prefix,
    deps: await read('DEPS', (text) => parseIdentLines('DEPS', text), []),
    tdeps: await read('TDEPS', (text) => parseIdentLines('TDEPS', text), []),
    // PATH in it is for tools of long ago; RUNTIME_PATH counts (spec/formats 11.3).
    env: Object.fromEntries([...env].filter(([name]) => name !== 'PATH')),
    runtimePath: await source.runtimePath(),
    exposes: (await read('EXPOSES', parseExposes, [])).map(String),
    exports: [...(await read('EXPORTS', (text) => parseKeyValues('EXPORTS', text), new Map<string, string>()))],
    binds: await read('BINDS', (text) => parseBindDeclarations('BINDS', text), []),
    bindsOptional: await read('BINDS_OPTIONAL', (text) => parseBindDeclarations('BINDS_OPTIONAL', text), []),
    svcUser: await metafile('SVC_USER'),
    svcGroup: await metafile('SVC_GROUP'),
    shutdownSignal: await read<string>('SHUTDOWN_SIGNAL', parseShutdownSignal, DEFAULT_SHUTDOWN.signal),
    shutdownTimeoutSec: await read('SHUTDOWN_TIMEOUT', parseShutdownTimeout, DEFAULT_SHUTDOWN.timeoutSec),
    defaultToml: await metafile('default.toml'),
    runnable: (await isFile(join(directory, 'hooks', 'run'))) || (await isFile(join(directory, 'run'))),
  };
}

/** A store, as far as services need it. */
export interface InstalledPackages<P> {
  readonly runtimePath: (pkg: P) => Promise<readonly string[]>;
  readonly tryLoad: (ident: PackageIdent) => Promise<{ readonly path: () => Promise<readonly string[]> } | undefined>;
}

/** Whose programs stand behind every package's own path, when it is installed. */
const DEFAULT_INTERPRETER = 'core/busybox-static';

/**
 * Reads a package as its service and its hooks run it: with the interpreter of hooks that name one by its bare name.
 *
 * @param interpreter - Its identifier, as `HAB_INTERPRETER_IDENT` gives it. @defaultValue `core/busybox-static`
 * @see spec/templating 12
 */
export async function readInstalledPackage<P extends Omit<MetafileSource, 'runtimePath'>>(
  installed: P,
  store: InstalledPackages<P>,
  interpreter?: string,
): Promise<ServicePackage> {
  const pkg = await readServicePackage({ ...installed, runtimePath: () => store.runtimePath(installed) });
  const found = await store.tryLoad(parseIdent(interpreter || DEFAULT_INTERPRETER));
  return found === undefined ? pkg : { ...pkg, runtimePath: [...pkg.runtimePath, ...(await found.path())] };
}

async function isFile(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isFile();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return false;
    throw error;
  }
}
