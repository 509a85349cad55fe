import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Layout } from '@hab/core';
import { HabError } from '@hab/core';
import { comparePartial, type FullIdent, formatIdent, satisfies } from '@hab/ident';
import type { ServicePackage, ServiceSpec } from '@hab/services';
import { readServicePackage } from '@hab/services/node';
import type { Say } from './output.ts';

export interface FinderWorld {
  readonly layout: Layout;
  readonly artifacts: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly say: Say;
}
export interface PackageFinder {
  find(spec: ServiceSpec): Promise<ServicePackage>;
  findFile(path: string): Promise<ServicePackage>;
}
export function createPackageFinder({ layout }: FinderWorld): PackageFinder {
  const find = async (spec: ServiceSpec): Promise<ServicePackage> => {
    const { origin, name } = spec.ident;
    const base = join(layout.packages, origin, name);
    let best: FullIdent | undefined;
    for (const version of await readdir(base).catch(() => []))
      for (const release of await readdir(join(base, version))) {
        const ident = { origin, name, version, release };
        if (satisfies(ident, spec.ident) && (best === undefined || comparePartial(ident, best) === 1)) best = ident;
      }
    if (best === undefined)
      throw new HabError('SUPERVISOR_NO_PACKAGE', `Cannot find package ${formatIdent(spec.ident)}`, { details: {} });
    const directory = layout.package(best.origin, best.name, best.version, best.release);
    return readServicePackage({
      ident: best,
      directory,
      prefix: layout.prefix(best.origin, best.name, best.version, best.release),
      metafile: async (f) => (await readFile(join(directory, f), 'utf8').catch(() => undefined))?.trim(),
    });
  };
  return {
    find,
    findFile: () => {
      throw new Error('no');
    },
  };
}
