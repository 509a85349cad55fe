import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Layout } from '@hab/core';
import { comparePartial, type FullIdent, isPathSafeIdent } from '@hab/ident';
import type { FoundPackage, PackageSource } from '../../src/node/packages.ts';

/** The packages below a layout, looked up afresh each time. */
export function installedPackages(layout: Layout): PackageSource {
  return {
    find: async (wanted) => {
      if (!isPathSafeIdent(wanted)) return undefined;
      const name = join(layout.packages, wanted.origin, wanted.name);
      const releases = list(name).flatMap((version) =>
        list(join(name, version)).map((release): FullIdent => ({ ...wanted, version, release })),
      );
      const fitting = releases.filter(
        ({ version, release }) =>
          (wanted.version ?? version) === version &&
          (wanted.release ?? release) === release &&
          existsSync(join(name, version, release, 'TARGET')),
      );
      const newest = fitting.reduce<FullIdent | undefined>(
        (best, next) => (best === undefined || comparePartial(next, best) === 1 ? next : best),
        undefined,
      );
      return newest === undefined ? undefined : found(layout, newest);
    },
  };
}

function found(layout: Layout, ident: FullIdent): FoundPackage {
  const prefix = layout.package(ident.origin, ident.name, ident.version, ident.release);
  const has = (path: string): boolean => existsSync(join(prefix, path));
  return {
    ident,
    prefix,
    metafile: async (name) => (has(name) ? readFileSync(join(prefix, name), 'utf8') : undefined),
    isRunnable: async () => has('hooks/run') || has('run'),
  };
}

const list = (directory: string): readonly string[] => (existsSync(directory) ? readdirSync(directory) : []);
