import { rm } from 'node:fs/promises';
import { resolve } from 'node:path';
import { warn } from '../console-lines.ts';
import type { Tell } from './bash-session.ts';
import type { BuildState } from './build-state.ts';

/** `do_default_clean`: removes what an earlier build unpacked, and never anything that only holds it. */
export async function cleanCache(state: BuildState, args: readonly string[], tell: Tell): Promise<number> {
  const [cachePath = '', sourceCache = '', planContext = ''] = args;
  const target = resolve('/', cachePath);
  const kept = ['/', sourceCache, planContext, state.context, state.cwd, state.facts.prefix, state.outputPath];
  const holder = kept.map((path) => resolve('/', path)).find((path) => path === target || isInside(path, target));
  if (holder !== undefined || !cachePath.startsWith('/')) {
    tell(warn(`Leaving '${cachePath}' alone: removing it would take ${holder ?? 'something else'} with it`));
    return 0;
  }
  await rm(target, { recursive: true, force: true });
  return 0;
}

const isInside = (path: string, directory: string): boolean =>
  path.startsWith(directory === '/' ? '/' : `${directory}/`);
