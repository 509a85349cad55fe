import { isUtf8 } from 'node:buffer';
import { chmod, copyFile, readFile, rename, rmdir, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

import type { ServiceLayout } from '@hab/core';
import {
  type ConfigTable,
  createRenderer,
  type Renderer,
  type RendererOptions,
  readsChanged,
  type TrackedRendering,
} from '@hab/templating';
import { reactionToChanges } from '@hab/templating/config';
import { beginRendered, listTemplates, type RenderedSet, readTemplates, recoverRendered } from '@hab/templating/node';

import { type ServiceHook, selectHooks } from '../hooks.ts';
import { SERVICE_TEMPLATE_LIMITS } from '../template-limits.ts';
import { Attempt } from './attempt.ts';
import type { ServiceIdentity } from './identity.ts';
import { readOwnedText } from './owned-file.ts';
import { readRenderedNames, writeRenderedNames } from './rendered-names.ts';
import type { Rendered, ServiceRenderer } from './service-renderer.ts';
import { stageConfig } from './stage-config.ts';

export interface ServiceFilesOptions extends RendererOptions {
  /** Folder with `hooks/`, `config/` and, when there is no run hook, `run`. */
  readonly source: string;
  readonly layout: ServiceLayout;
  readonly identity: ServiceIdentity;
  /**
   * The context at the time of asking: the same object while nothing in it has changed.
   *
   * @param configPath - What `pkg.svc_config_path` is, when it is not where the configuration ends up.
   */
  readonly context: (configPath?: string) => ConfigTable;
  readonly say: (key: string, text: string) => void;
  /**
   * Runs the `config-check` hook at a path, before the configuration that it looks at replaces the one in force.
   *
   * @throws when the hook does not accept it.
   */
  readonly check?: ((hook: string) => Promise<void>) | undefined;
}

/** A file that another rendering would create, change or remove. */
export interface FileChange {
  /** Path below the service's directory. */
  readonly name: string;
  readonly kind: 'created' | 'modified' | 'removed';
  readonly before: string | undefined;
  readonly after: string | undefined;
}

/** What another context would lead to. */
export interface FilesPreview extends Omit<Rendered, 'settle'> {
  readonly changes: readonly FileChange[];
  /** The `config-check` hook would be asked first. */
  readonly checked: boolean;
}

/** One rendered file and where it goes. */
interface RenderedFile {
  readonly path: string;
  readonly name: string;
  readonly text: string;
  readonly hook: ServiceHook | undefined;
}

const CONFIG_MODE = 0o740;
const CONFIG_DIRECTORY_MODE = 0o770;
const HOOK_MODE = 0o755;
/** Longest file of a service that a look ahead compares with, in bytes. */
const MAX_SHOWN_BYTES = 16 * 1_048_576;

/**
 * The rendered hooks and configuration of one service. Everything is rendered to memory first and then written, all of it
 * or nothing: a template that fails, or a `config-check` hook that refuses, leaves every file as it was. See
 * spec/templating 11.
 */
export class ServiceFiles implements ServiceRenderer {
  readonly #options: ServiceFilesOptions;
  readonly #hooks: ReadonlyMap<ServiceHook, Renderer>;
  readonly #config: Renderer;
  readonly #plainRun: boolean;
  /** Last renderings, and what each has looked at: another one is due only when that has changed. */
  readonly #tracked = new Map<string, TrackedRendering>();
  #rendered: { readonly context: ConfigTable; readonly files: readonly RenderedFile[] } | undefined;
  #refused: { readonly files: readonly RenderedFile[]; readonly error: unknown } | undefined;
  /** Files of earlier releases that are still there; undefined once they are gone. */
  #stale: { readonly config: readonly string[]; readonly hooks: readonly string[] } | undefined;
  #runInstalled = false;
  /** Of the last change that was written. */
  #settle: (() => Promise<void>) | undefined;
  /** The last rendering, until it is over. */
  #busy: Promise<void> | undefined;

  private constructor(
    options: ServiceFilesOptions,
    hooks: ReadonlyMap<ServiceHook, Renderer>,
    config: Renderer,
    plainRun: boolean,
    stale: { readonly config: readonly string[]; readonly hooks: readonly string[] },
  ) {
    this.#options = options;
    this.#hooks = hooks;
    this.#config = config;
    this.#plainRun = plainRun;
    this.#stale = stale;
  }

  /**
   * Reads and compiles every template.
   *
   * @throws What reading and compiling throw, naming file, line and column: the service cannot be started then.
   */
  static async load(options: ServiceFilesOptions): Promise<ServiceFiles> {
    const { source, layout, say } = options;
    if ((await recoverRendered(layout.changeJournal)) === 'taken-back') {
      say('CF', 'A change of files that had not become complete is taken back');
    }
    const files = await listTemplates(join(source, 'hooks'), { recursive: false });
    const { hooks: sources, warnings } = selectHooks(files);
    for (const warning of warnings) say('HK', warning);
    const texts = await readTemplates(join(source, 'hooks'), {
      recursive: false,
      only: new Set(sources.map(({ file }) => file)),
    });
    const attempt = new Attempt('compile');
    const settings = { limits: SERVICE_TEMPLATE_LIMITS, ...options };
    const hooks = new Map<ServiceHook, Renderer>();
    for (const { hook, file } of sources) {
      const renderer = createRenderer(settings);
      const text = texts.find(({ name }) => name === file)?.text ?? '';
      attempt.make(`hooks/${hook}`, () => renderer.register(hook, text));
      hooks.set(hook, renderer);
    }
    const config = createRenderer(settings);
    for (const { name, text } of await readTemplates(join(source, 'config'))) {
      attempt.make(`config/${name}`, () => config.register(name, text));
    }
    attempt.finish();
    const plainRun = !hooks.has('run') && (await isFile(join(source, 'run')));
    const names = new Set(config.names);
    const stale = {
      config: (await readRenderedNames(layout)).filter((name) => !names.has(name)),
      hooks: (await listTemplates(layout.hooks, { recursive: false })).filter(
        (name) => !isWritten(name, hooks) && !isInstallHook(name, files),
      ),
    };
    return new ServiceFiles(options, hooks, config, plainRun, stale);
  }

  has(hook: ServiceHook): boolean {
    return this.#hooks.has(hook) || (hook === 'run' && this.#plainRun);
  }

  get hooks(): ReadonlySet<ServiceHook> {
    return new Set(this.#hooks.keys());
  }

  /** One after the other: each compares with what the one before has written. */
  render(): Promise<Rendered> {
    const rendering = this.#busy === undefined ? this.#renderNow() : this.#busy.then(() => this.#renderNow());
    const over = rendering.then(
      () => undefined,
      () => undefined,
    );
    this.#busy = over;
    void over.then(() => {
      if (this.#busy === over) this.#busy = undefined;
    });
    return rendering;
  }

  async #renderNow(): Promise<Rendered> {
    const files = this.#renderAll();
    const changed = files.filter(({ path, text }) => readOwnedText(path, Buffer.byteLength(text)) !== text);
    const stale = this.#stale;
    if (changed.length === 0 && stale === undefined && this.#runInstalled) return NOTHING;
    const removed = stale !== undefined && stale.config.length > 0;
    await this.#check(files, removed || changed.some(({ hook }) => hook === undefined));
    await this.#settle?.();
    const settling = await this.#write(changed, await this.#runText(files, changed), stale);
    let over: Promise<void> | undefined;
    const settle = (): Promise<void> => {
      over ??= settling();
      return over;
    };
    this.#settle = settle;
    return { ...this.#reactionTo(changed, removed), settle };
  }

  /** What rendering with another context would lead to; nothing is written and nothing run. */
  preview(context: ConfigTable): FilesPreview {
    const files = this.#renderWith((_key, renderer, name) => renderer.render(name, context));
    const found = files.map((file) => ({ file, before: readOwnedText(file.path, MAX_SHOWN_BYTES) }));
    const changed = found.filter(({ file, before }) => before !== file.text);
    const stale = (this.#stale?.config ?? []).map((name): FileChange => {
      const before = readOwnedText(join(this.#options.layout.config, name), MAX_SHOWN_BYTES);
      return { name: `config/${name}`, kind: 'removed', before, after: undefined };
    });
    const changes = changed.map(({ file, before }): FileChange => {
      return { name: file.name, kind: before === undefined ? 'created' : 'modified', before, after: file.text };
    });
    const config = stale.length > 0 || changed.some(({ file }) => file.hook === undefined);
    const rendered = this.#reactionTo(
      changed.map(({ file }) => file),
      stale.length > 0,
    );
    return { ...rendered, changes: [...changes, ...stale], checked: config && this.#hooks.has('config-check') };
  }

  #reactionTo(changed: readonly RenderedFile[], removed: boolean): Omit<Rendered, 'settle'> {
    const hooks = new Set(changed.flatMap(({ hook }) => (hook === undefined ? [] : [hook])));
    const config = removed || changed.some(({ hook }) => hook === undefined);
    const reconfigureHook = this.has('reconfigure') || this.has('reload');
    const reaction = reactionToChanges({ hooks, config, reconfigureHook });
    return { reaction: reaction.type === 'none' ? undefined : reaction };
  }

  /** Rendered anew only where another context has other values; what is on disk is compared every time. */
  #renderAll(): readonly RenderedFile[] {
    const context = this.#options.context();
    if (this.#rendered?.context === context) return this.#rendered.files;
    const before = this.#rendered?.context;
    const fresh = new Map<string, TrackedRendering>();
    const files = this.#renderWith((key, renderer, name) => {
      const held = this.#tracked.get(key);
      if (held !== undefined && before !== undefined && !readsChanged(held.reads, before, context)) return held.text;
      const rendering = renderer.renderTracked(name, context);
      fresh.set(key, rendering);
      return rendering.text;
    });
    // Only now: a template that failed must not leave others compared with a context they were not rendered with.
    for (const [key, rendering] of fresh) this.#tracked.set(key, rendering);
    this.#rendered = { context, files };
    return files;
  }

  #renderWith(render: (key: string, renderer: Renderer, name: string) => string): RenderedFile[] {
    const { layout } = this.#options;
    const attempt = new Attempt('render');
    const files: RenderedFile[] = [];
    for (const [hook, renderer] of this.#hooks) {
      if (hook === 'config-check') continue;
      const name = `hooks/${hook}`;
      const text = attempt.make(name, () => render(name, renderer, hook)) ?? '';
      files.push({ path: layout.hook(hook), name, text, hook });
    }
    for (const file of this.#config.names) {
      const name = `config/${file}`;
      const text = attempt.make(name, () => render(name, this.#config, file)) ?? '';
      files.push({ path: join(layout.config, file), name, text, hook: undefined });
    }
    attempt.finish();
    return files;
  }

  /** A configuration that was refused stays refused until a template or what it reads is another. */
  async #check(files: readonly RenderedFile[], config: boolean): Promise<void> {
    const { layout, identity, check, context } = this.#options;
    const hook = this.#hooks.get('config-check');
    if (hook === undefined || check === undefined || !config) return;
    if (this.#refused?.files.every(({ text }, index) => text === files[index]?.text)) throw this.#refused.error;
    const prefix = 'config/';
    await stageConfig(
      {
        layout,
        owner: ownerOf(identity),
        files: files.flatMap(({ name, text }) => {
          return name.startsWith(prefix) ? [{ name: name.slice(prefix.length), text }] : [];
        }),
        hook: (configPath) => hook.render('config-check', context(configPath)),
      },
      async (path) => {
        try {
          await check(path);
        } catch (error) {
          this.#refused = { files, error };
          throw error;
        }
      },
    );
    this.#refused = undefined;
  }

  async #write(
    changed: readonly RenderedFile[],
    run: string | undefined,
    stale: { readonly config: readonly string[]; readonly hooks: readonly string[] } | undefined,
  ): Promise<() => Promise<void>> {
    const { layout, identity, say } = this.#options;
    const below = (folder: 'hooks' | 'config'): RenderedSet['files'] =>
      changed.flatMap(({ name, text }) => {
        return name.startsWith(`${folder}/`) ? [{ name: name.slice(folder.length + 1), text }] : [];
      });
    const sets: readonly RenderedSet[] = [
      { directory: layout.hooks, files: below('hooks'), mode: HOOK_MODE, stale: stale?.hooks },
      // The program that the Launcher runs.
      {
        directory: dirname(layout.run),
        files: run === undefined ? [] : [{ name: basename(layout.run), text: run }],
        mode: HOOK_MODE,
      },
      {
        directory: layout.config,
        files: below('config'),
        mode: CONFIG_MODE,
        directoryMode: CONFIG_DIRECTORY_MODE,
        owner: ownerOf(identity),
        stale: stale?.config,
      },
    ];
    const { report, settle } = await beginRendered(sets, { journal: layout.changeJournal });
    const { created, modified, removed } = report;
    const isHook = (path: string): boolean => path.startsWith(`${layout.hooks}/`);
    const isConfig = (path: string): boolean => path.startsWith(`${layout.config}/`);
    for (const path of [...created, ...modified].filter(isHook)) say('HK', `Modified hook content in ${path}`);
    for (const path of created.filter(isConfig)) say('CF', `Created configuration file ${path}`);
    for (const path of modified.filter(isConfig)) say('CF', `Modified configuration file ${path}`);
    for (const path of removed.filter(isConfig)) say('CF', `Removed configuration file ${path}`);
    this.#stale = undefined;
    this.#runInstalled = true;
    if (stale === undefined) return settle;
    return async () => {
      await settle();
      // A folder that is empty now goes with its last file. Deeper ones stay: the service could have put a link above them.
      const folders = new Set(removed.map(dirname).filter((folder) => dirname(folder) === layout.config));
      for (const folder of folders) await rmdir(folder).catch(() => undefined);
      await writeRenderedNames(layout, this.#config.names);
    };
  }

  /** The program, when it may be another one: on the first rendering, and when the hook that it is made of changed. */
  async #runText(files: readonly RenderedFile[], changed: readonly RenderedFile[]): Promise<string | undefined> {
    const { layout, source } = this.#options;
    const hook = (this.#runInstalled ? changed : files).find((file) => file.hook === 'run');
    if (hook !== undefined || !this.#plainRun || this.#runInstalled) return hook?.text;
    const bytes = await readFile(join(source, 'run'));
    if (isUtf8(bytes)) return bytes.toString();
    await installRunFile(join(source, 'run'), layout);
    return undefined;
  }
}

const NOTHING: Rendered = { reaction: undefined, settle: async () => undefined };

const ownerOf = ({ switches, uid, gid }: ServiceIdentity): RenderedSet['owner'] =>
  switches ? { uid, gid } : undefined;

/** The check of a configuration is rendered for each of its runs, beside what it looks at. */
const isWritten = (name: string, hooks: ReadonlyMap<ServiceHook, Renderer>): boolean =>
  name !== 'config-check' && hooks.has(name as ServiceHook);

/** Rendered by whoever installs the package. */
const isInstallHook = (name: string, files: readonly string[]): boolean =>
  /^(?:un)?install$/.test(name) && files.includes(name);

async function isFile(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isFile();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return false;
    throw error;
  }
}

/** Puts a program that is no text in its place: whole, or not at all. */
async function installRunFile(from: string, layout: ServiceLayout): Promise<void> {
  const temporary = `${layout.run}.tmp`;
  await copyFile(from, temporary);
  await chmod(temporary, HOOK_MODE);
  await rename(temporary, layout.run);
}
