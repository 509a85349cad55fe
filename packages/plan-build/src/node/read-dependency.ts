import { isHartError, type Metafile, parseIdentLines, parseKeyValues } from '@hab/hart';
import { type FullIdent, formatIdent, isPathSafeIdent } from '@hab/ident';
import type { Dependency } from '../dependency.ts';
import { BuildError } from '../errors.ts';
import type { FoundPackage } from './packages.ts';

/**
 * Reads what a build needs of an installed package.
 *
 * @throws {@link BuildError} `BUILD_DEPENDENCY_MALFORMED`.
 */
export async function readDependency(found: FoundPackage): Promise<Dependency> {
  const text = async (name: Metafile): Promise<string> =>
    understood(found, name, async () => ((await found.metafile(name)) ?? '').trim());
  const [deps, tdeps, path, ldRunPath, ldflags, cflags, cppflags, cxxflags, pkgConfigPath, environment] =
    await Promise.all(
      (
        [
          'DEPS',
          'TDEPS',
          'PATH',
          'LD_RUN_PATH',
          'LDFLAGS',
          'CFLAGS',
          'CPPFLAGS',
          'CXXFLAGS',
          'PKG_CONFIG_PATH',
          'RUNTIME_ENVIRONMENT',
        ] as const
      ).map(text),
    );
  return {
    ident: found.ident,
    prefix: found.prefix,
    deps: await identLines(found, 'DEPS', deps ?? ''),
    tdeps: await identLines(found, 'TDEPS', tdeps ?? ''),
    path: path ?? '',
    ldRunPath: ldRunPath ?? '',
    ldflags: ldflags ?? '',
    cflags: cflags ?? '',
    cppflags: cppflags ?? '',
    cxxflags: cxxflags ?? '',
    pkgConfigPath: pkgConfigPath ?? '',
    runtimeEnvironment: [
      ...(await understood(found, 'RUNTIME_ENVIRONMENT', () =>
        parseKeyValues('RUNTIME_ENVIRONMENT', environment ?? ''),
      )),
    ],
  };
}

/** Paths are made of these idents, so they must be fit for that. */
function identLines(found: FoundPackage, file: Metafile, text: string): Promise<readonly FullIdent[]> {
  return understood(found, file, () => {
    const idents = parseIdentLines(file, text);
    const unsafe = idents.find((ident) => !isPathSafeIdent(ident));
    if (unsafe === undefined) return idents;
    throw malformed(found, file, `'${formatIdent(unsafe).slice(0, 120)}' is no package`);
  });
}

/** What a reader of metafiles made of the text. */
export async function understood<T>(found: FoundPackage, file: Metafile, read: () => T | Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (cause) {
    if (!isHartError(cause, 'HART_METAFILE_MALFORMED')) throw cause;
    throw malformed(found, file, cause.message, cause);
  }
}

const malformed = (found: FoundPackage, file: Metafile, what: string, cause?: unknown) =>
  new BuildError('BUILD_DEPENDENCY_MALFORMED', `${formatIdent(found.ident)} is damaged: ${what}`, {
    details: { status: 1, ident: formatIdent(found.ident), file },
    cause,
    hint: 'Uninstall it and install it again.',
  });
