import { readFileSync } from 'node:fs';
import { chmod, chown, copyFile, mkdir, readdir, readFile, rename, rm, rmdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import type { ServiceLayout } from '@hab/core';
import { writeFileAtomic } from '@hab/core/node';
import {
  type ConfigTable,
  createRenderer,
  type Renderer,
  type RendererOptions,
  reactionToChanges,
} from '@hab/templating';

import { type ServiceHook, selectHooks } from '../hooks.ts';
import type { ServiceIdentity } from './identity.ts';
import type { Rendered, ServiceRenderer } from './service-runner.ts';

export interface ServiceFilesOptions extends RendererOptions {
  /** Folder with `hooks/`, `config/` and, when there is no run hook, `run`. */
  readonly source: string;
  readonly layout: ServiceLayout;
  readonly identity: ServiceIdentity;
  /** The context at the time of asking: the same object while nothing in it has changed. */
  readonly context: () => ConfigTable;
  readonly say: (key: string, text: string) => void;
}

/** One rendered file and where it goes. */
interface RenderedFile {
  readonly path: string;
  readonly text: string;
  readonly mode: number;
  /** Given to the service's user. */
  readonly owned: boolean;
  readonly hook: ServiceHook | undefined;
}

const CONFIG_MODE = 0o740;
const CONFIG_DIRECTORY_MODE = 0o770;
const HOOK_MODE = 0o755;
/** More templates, or larger ones, are no configuration. */
const MAX_TEMPLATES = 10_000;
const MAX_TEMPLATE_BYTES = 10 * 1024 * 1024;

/**
 * The rendered hooks and configuration of one service. Everything is rendered to memory first: a template that fails
 * leaves every file as it was. See spec/templating 11.
 */
export class ServiceFiles implements ServiceRenderer {
  readonly #options: ServiceFilesOptions;
  readonly #hooks: ReadonlyMap<ServiceHook, Renderer>;
  readonly #config: Renderer;
  readonly #plainRun: boolean;
  #runInstalled = false;
  #rendered: { readonly context: ConfigTable; readonly files: readonly RenderedFile[] } | undefined;
  #foreignRemoved = false;

  private constructor(
    options: ServiceFilesOptions,
    hooks: ReadonlyMap<ServiceHook, Renderer>,
    config: Renderer,
    plainRun: boolean,
  ) {
    this.#options = options;
    this.#hooks = hooks;
    this.#config = config;
    this.#plainRun = plainRun;
  }

  /**
   * Reads and compiles every template.
   *
   * @throws What compiling throws, naming file, line and column: the service cannot be started then.
   */
  static async load(options: ServiceFilesOptions): Promise<ServiceFiles> {
    const { source, say } = options;
    const { hooks: sources, warnings } = selectHooks(await listFiles(join(source, 'hooks'), false));
    for (const warning of warnings) say('HK', warning);
    const hooks = new Map<ServiceHook, Renderer>();
    for (const { hook, file } of sources) {
      const renderer = createRenderer(options);
      renderer.register(hook, await readTemplate(join(source, 'hooks', file)));
      hooks.set(hook, renderer);
    }
    const config = createRenderer(options);
    for (const file of await listFiles(join(source, 'config'), true)) {
      config.register(file, await readTemplate(join(source, 'config', file)));
    }
    const plainRun = !hooks.has('run') && (await listFiles(source, false)).includes('run');
    return new ServiceFiles(options, hooks, config, plainRun);
  }

  has(hook: ServiceHook): boolean {
    return this.#hooks.has(hook) || (hook === 'run' && this.#plainRun);
  }

  get hooks(): ReadonlySet<ServiceHook> {
    return new Set(this.#hooks.keys());
  }

  async render(): Promise<Rendered> {
    const [changed, removed] = await Promise.all([this.#write(this.#renderAll()), this.#removeForeign()]);
    const hooks = new Set(changed.flatMap(({ hook }) => (hook === undefined ? [] : [hook])));
    await this.#installRun(hooks.has('run'));
    const config = removed || changed.some(({ hook }) => hook === undefined);
    const reconfigureHook = this.has('reconfigure') || this.has('reload');
    const reaction = reactionToChanges({ hooks, config, reconfigureHook });
    return { reaction: reaction.type === 'none' ? undefined : reaction };
  }

  /** The program that the Launcher runs: replaced when the hook changed, or on the first rendering. */
  async #installRun(changed: boolean): Promise<void> {
    const { layout, source } = this.#options;
    const from = this.#plainRun ? join(source, 'run') : this.#hooks.has('run') ? layout.hook('run') : undefined;
    if (from === undefined || (this.#runInstalled && !changed)) return;
    await installRunFile(from, layout);
    this.#runInstalled = true;
  }

  /** Rendered anew only for another context; what is on disk is compared every time. */
  #renderAll(): readonly RenderedFile[] {
    const context = this.#options.context();
    if (this.#rendered?.context !== context) this.#rendered = { context, files: this.#renderWith(context) };
    return this.#rendered.files;
  }

  #renderWith(root: ConfigTable): RenderedFile[] {
    const { layout } = this.#options;
    const hooks = [...this.#hooks].map(([hook, renderer]): RenderedFile => {
      return { path: layout.hook(hook), text: renderer.render(hook, root), mode: HOOK_MODE, owned: false, hook };
    });
    const config = this.#config.names.map((name): RenderedFile => {
      const text = this.#config.render(name, root);
      return { path: join(layout.config, name), text, mode: CONFIG_MODE, owned: true, hook: undefined };
    });
    return [...hooks, ...config];
  }

  /** @returns the files that were created or changed. */
  async #write(files: readonly RenderedFile[]): Promise<RenderedFile[]> {
    const before = files.map(({ path }) => readIfThere(path));
    const changed = files.filter(({ text }, index) => before[index] !== text);
    for (const file of changed) {
      await this.#writeFile(file);
      this.#announce(file, before[files.indexOf(file)] === undefined);
    }
    return changed;
  }

  async #writeFile({ path, text, mode, owned }: RenderedFile): Promise<void> {
    const { identity } = this.#options;
    if (owned) await this.#makeConfigDirectory(dirname(path));
    const owner = owned && identity.switches ? { uid: identity.uid, gid: identity.gid } : {};
    await writeFileAtomic(path, text, { mode, ...owner });
  }

  async #makeConfigDirectory(directory: string): Promise<void> {
    const { layout, identity } = this.#options;
    if (directory === layout.config) return;
    await this.#makeConfigDirectory(dirname(directory));
    try {
      await mkdir(directory);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EEXIST') return;
      throw error;
    }
    await chmod(directory, CONFIG_DIRECTORY_MODE);
    if (identity.switches) await chown(directory, identity.uid, identity.gid);
  }

  #announce({ path, hook }: RenderedFile, created: boolean): void {
    if (hook !== undefined) this.#options.say('HK', `Modified hook content in ${path}`);
    else this.#options.say('CF', `${created ? 'Created' : 'Modified'} configuration file ${path}`);
  }

  /** What an earlier release of the package rendered and this one does not have goes. @returns whether any did. */
  async #removeForeign(): Promise<boolean> {
    if (this.#foreignRemoved) return false;
    this.#foreignRemoved = true;
    const { layout, say } = this.#options;
    const names = new Set(this.#config.names);
    let removed = false;
    for (const file of await listFiles(layout.config, true)) {
      if (names.has(file)) continue;
      await rm(join(layout.config, file));
      say('CF', `Removed configuration file ${join(layout.config, file)}`);
      removed = true;
      // A folder that is now empty goes too; one that is not stays.
      await rmdir(dirname(join(layout.config, file))).catch(() => undefined);
    }
    for (const file of await listFiles(layout.hooks, false)) {
      if (!this.#hooks.has(file as ServiceHook)) await rm(join(layout.hooks, file));
    }
    return removed;
  }
}

/** Regular files below a folder, as paths relative to it, sorted; links are not followed. None when there is no folder. */
async function listFiles(directory: string, recursive: boolean): Promise<string[]> {
  try {
    const entries = await readdir(directory, { withFileTypes: true, recursive });
    const files = entries.filter((entry) => entry.isFile() && !entry.name.startsWith('.tmp-'));
    if (files.length > MAX_TEMPLATES)
      throw new Error(`${directory} holds ${files.length} files: no more than ${MAX_TEMPLATES} are rendered`);
    return files.map((entry) => join(entry.parentPath, entry.name).slice(directory.length + 1)).sort();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

async function readTemplate(path: string): Promise<string> {
  const bytes = await readFile(path);
  if (bytes.length > MAX_TEMPLATE_BYTES)
    throw new Error(`${path} has ${bytes.length} bytes: a template has at most ${MAX_TEMPLATE_BYTES}`);
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    throw new Error(`${path} is not UTF-8 text`, { cause });
  }
}

/** Small files that were just written: read at once, for a restart waits for them. */
function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Puts the program that the Launcher runs in its place: whole, or not at all. */
async function installRunFile(from: string, layout: ServiceLayout): Promise<void> {
  const temporary = `${layout.run}.tmp`;
  await copyFile(from, temporary);
  await chmod(temporary, HOOK_MODE);
  await rename(temporary, layout.run);
}
