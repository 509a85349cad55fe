import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';

import type { ServiceGroup } from '@hab/ident';
import { type ConfigTable, EMPTY_TABLE, isConfigTable, mergeLayers, parseJson, parseToml } from '@hab/templating';
import { overlayContext, type SampleContextOptions, sampleContext } from '@hab/templating/offline';

import type { CommandContext } from './context.ts';
import { failed } from './errors.ts';
import { inspectGroup } from './inspect-group.ts';

/** Data for looking at templates without, or beside, a running service. */
export interface RenderData {
  readonly userToml?: string;
  readonly mockData?: string;
  readonly fromSup?: ServiceGroup;
  readonly remoteSup?: string;
  readonly members?: number;
}

/**
 * What templates see: a made-up service, or a running one, with the given configuration and, over all of it, mock data.
 *
 * @param defaults - `default.toml`; a running service's values win over it.
 */
export async function createRenderContext(
  defaults: ConfigTable,
  about: SampleContextOptions,
  data: RenderData,
  context: CommandContext,
): Promise<ConfigTable> {
  const user =
    data.userToml === undefined
      ? EMPTY_TABLE
      : parseToml(await readText(data.userToml, context), { source: data.userToml });
  const live = await liveContext(data, context);
  const liveConfig = live?.get('cfg');
  const { config, problems } = mergeLayers([
    { name: 'default', table: defaults },
    { name: 'running', table: isConfigTable(liveConfig) ? liveConfig : EMPTY_TABLE },
    { name: 'user', table: user },
  ]);
  for (const problem of problems) context.ui.warn(problem.message);
  const root: ConfigTable =
    live === undefined
      ? sampleContext({ ...about, cfg: config, members: data.members })
      : new Map([...live, ['cfg', config]]);
  return data.mockData === undefined ? root : overlayContext(root, await readMock(data.mockData, context));
}

async function liveContext(
  { fromSup, remoteSup }: RenderData,
  context: CommandContext,
): Promise<ConfigTable | undefined> {
  if (fromSup === undefined) return undefined;
  return (await inspectGroup(fromSup, { remoteSup, context: true }, context)).context;
}

/** JSON or TOML: a file that says so by its name is held to it, others may be either. */
async function readMock(path: string, context: CommandContext): Promise<ConfigTable> {
  const text = await readText(path, context);
  if (path.endsWith('.toml') || !/^\s*\{/.test(text)) return parseToml(text, { source: path });
  const value = parseJson(text, { source: path });
  if (isConfigTable(value)) return value;
  throw failed(`${path} holds no object`, 'Mock data is an object with cfg, pkg, svc, bind or sys.');
}

/** @throws naming the file, for one that cannot be read or is no text. */
export async function readText(path: string, { cwd }: CommandContext): Promise<string> {
  const bytes = await readFile(resolve(cwd, path)).catch((error: unknown) => {
    throw failed(`Cannot read ${path}`, 'Check its name and permissions.', error);
  });
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    throw failed(`${path} is not UTF-8 text`, 'Save it as UTF-8.', error);
  }
}
