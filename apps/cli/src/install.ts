import { resolve } from 'node:path';

import { type FullIdent, formatIdent } from '@hab/ident';
import { isStoreError } from '@hab/store';
import { type InstallRequest, parseInstallRequest } from '@hab/store/node';

import type { CommandContext } from './context.ts';
import { failed } from './errors.ts';
import { type HookOptions, runInstallHooks } from './install-hooks.ts';
import { artifactSources, openStore } from './package-store.ts';

export interface InstallArgumentOptions extends HookOptions {
  readonly artifacts?: readonly string[];
  readonly ignoreLocal?: boolean;
  readonly ignoreInstallHook?: boolean;
}

/** Installs artifacts and identifiers, each in order; the first that fails ends it. @returns what they mean. */
export async function installArguments(
  words: readonly string[],
  options: InstallArgumentOptions,
  context: CommandContext,
): Promise<readonly FullIdent[]> {
  const { cwd } = context;
  const requests: { readonly word: string; readonly request: InstallRequest }[] = [];
  for (const word of words) {
    const request = await parseInstallRequest(word.endsWith('.hart') ? resolve(cwd, word) : word);
    requests.push({
      word,
      request: request.type === 'file' ? { ...request, path: resolve(cwd, request.path) } : request,
    });
  }
  const requested: FullIdent[] = [];
  for (const { word, request } of requests) requested.push(await installOne(word, request, options, context));
  return requested;
}

async function installOne(
  word: string,
  request: InstallRequest,
  options: InstallArgumentOptions,
  context: CommandContext,
): Promise<FullIdent> {
  const { artifacts = [], ignoreLocal, ignoreInstallHook } = options;
  const { ui, signal } = context;
  const store = openStore(context);
  ui.begin(`Installing ${word}`);
  const sources = artifactSources(artifacts, request.type === 'file' ? [request.path] : [], context);
  let using = false;
  const { requested, installed } = await store
    .install([request], {
      sources,
      ignoreLocal,
      signal,
      onProgress: (event) => {
        if (event.type === 'store:resolved' && event.installed) {
          using = true;
          ui.status('Using', formatIdent(event.ident));
        } else if (event.type === 'store:damaged') {
          ui.warn(`${event.path} is damaged; it was set aside and is fetched again`);
        } else if (event.type === 'store:installed') ui.status('Installed', formatIdent(event.ident));
      },
    })
    .catch((error: unknown) => {
      throw explain(word, error);
    });
  const [ident] = requested;
  if (ident === undefined) throw failed(`${word} means no package`);
  if (!using && installed.length === 0) ui.status('Using', formatIdent(ident));
  if (ignoreInstallHook !== true) await runInstallHooks(ident, store, options, context);
  ui.end(`Install of ${formatIdent(ident)} complete with ${installed.length} new packages installed.`);
  return ident;
}

/** Nothing has what was asked for: without a depot the folders are all there is. */
function explain(word: string, error: unknown): unknown {
  if (!isStoreError(error, 'STORE_ARTIFACT_NOT_FOUND')) return error;
  return failed(
    `Failed to install package ${word} - ${error.message}`,
    'Name a folder that holds its artifact and those of its dependencies with --artifacts DIR.',
    error,
  );
}
