import { chmod, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createLayout } from '@hab/core';
import type { HabKey } from '@hab/crypto-keys';
import { type HartWorker, packHart } from '@hab/hart/node';
import { artifactName, type FullIdent, formatIdent, type PackageTarget, parseFullIdent } from '@hab/ident';

/** A package for tests: metafiles that every package has, and whatever is given. */
export interface TestPackage {
  /** Fully qualified. */
  readonly ident: string;
  /** @defaultValue `x86_64-linux` */
  readonly target?: PackageTarget | undefined;
  /** `DEPS`; fully qualified. */
  readonly deps?: readonly string[] | undefined;
  /** `TDEPS`. @defaultValue `deps` */
  readonly tdeps?: readonly string[] | undefined;
  /** Content by path below the prefix; metafiles, hooks, programs. A path below `bin` or `hooks` is executable. */
  readonly files?: Readonly<Record<string, string>> | undefined;
  /** Targets of symbolic links by path. */
  readonly links?: Readonly<Record<string, string>> | undefined;
}

/** Writes the tree of a package into a new directory: as if it had been installed there. */
export async function writeTestPackage(directory: string, pkg: TestPackage): Promise<void> {
  const { target = 'x86_64-linux', deps = [], tdeps = deps } = pkg;
  const lines = (idents: readonly string[]): string => idents.map((ident) => `${ident}\n`).join('');
  const files: Record<string, string> = {
    IDENT: `${pkg.ident}\n`,
    TARGET: `${target}\n`,
    MANIFEST: `# ${pkg.ident}\n`,
    ...(deps.length > 0 ? { DEPS: lines(deps) } : {}),
    ...(tdeps.length > 0 ? { TDEPS: lines(tdeps) } : {}),
    ...pkg.files,
  };
  await mkdir(directory, { recursive: true });
  for (const [path, content] of Object.entries(files)) {
    const absolute = join(directory, path);
    await mkdir(dirname(absolute), { recursive: true });
    await writeFile(absolute, content);
    await chmod(absolute, /^(?:bin|hooks)\//.test(path) ? 0o755 : 0o644);
  }
  for (const [path, linkTarget] of Object.entries(pkg.links ?? {})) {
    await mkdir(dirname(join(directory, path)), { recursive: true });
    await symlink(linkTarget, join(directory, path));
  }
}

/** How {@link packTestArtifact} packs. */
export interface PackTestOptions {
  readonly key: HabKey<'origin-signing-secret'>;
  /** Folder for the artifact; made if need be. */
  readonly into: string;
  readonly worker?: HartWorker | undefined;
  /** @defaultValue the canonical one */
  readonly fileName?: string | undefined;
}

/** Builds, packs and signs a package without any plan. @returns The path of the artifact. */
export async function packTestArtifact(pkg: TestPackage, options: PackTestOptions): Promise<string> {
  const ident: FullIdent = parseFullIdent(pkg.ident);
  const { origin, name, version, release } = ident;
  const directory = await mkdtemp(join(tmpdir(), 'hab-test-package-'));
  try {
    await writeTestPackage(directory, pkg);
    await chmod(directory, 0o755);
    await mkdir(options.into, { recursive: true });
    const path = join(options.into, options.fileName ?? artifactName(ident, pkg.target ?? 'x86_64-linux'));
    const prefix = createLayout().prefix(origin, name, version, release);
    const { key, worker } = options;
    await packHart(path, { directory, prefix, key, mtimeSec: 1, level: 0, worker });
    return path;
  } catch (cause) {
    throw new Error(`cannot pack ${formatIdent(ident)}`, { cause });
  } finally {
    await rm(directory, { recursive: true });
  }
}
