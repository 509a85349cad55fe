import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';

import { TEMPLATE_FOLDERS } from '@hab/plan-lint';
import { parseTemplateDialect, readHookSettings } from '@hab/services';
import type { TemplateDialect } from '@hab/templating';
import { writeRendered } from '@hab/templating/node';
import { type Command, InvalidArgumentError } from 'commander';

import { argument, serviceGroupArgument } from './arguments.ts';
import type { CommandContext } from './context.ts';
import { failed } from './errors.ts';
import type { RenderData } from './render-context.ts';
import type { RenderedSource } from './render-templates.ts';

/** Options of `hab plan render` and `hab pkg render`. See spec/cli 8.4 and spec/templating 15. */
export interface RenderOptions extends RenderData {
  readonly print?: boolean;
  readonly renderDir: string;
  /** False for `--no-render`. */
  readonly render: boolean;
  readonly quiet?: boolean;
  /** False for `--no-verbose`. */
  readonly verbose: boolean;
  readonly dialect?: TemplateDialect;
}

const MAX_MEMBERS = 10_000;

export function addRenderOptions(command: Command): Command {
  return command
    .option('-u, --user-toml <file>', 'TOML that is laid over the defaults')
    .option('-m, --mock-data <file>', 'JSON or TOML that is laid over all that templates see: cfg, pkg, svc, bind, sys')
    .option('--from-sup <group>', 'See what the templates of a running service see', serviceGroupArgument)
    .option('--remote-sup <address>', 'Supervisor to ask, HOST[:PORT]')
    .option('--members <count>', 'Members of the service group and of each bound one', members)
    .option('--dialect <name>', 'documented, 2.1 or legacy [env: HAB_TEMPLATE_DIALECT]', argument(parseTemplateDialect))
    .option('-p, --print', 'Print what is rendered')
    .option('-r, --render-dir <dir>', 'Folder to write to', './results')
    .option('-n, --no-render', 'Write nothing')
    .option('-q, --quiet', 'Say nothing on the way')
    .option('--no-verbose', 'As --quiet')
    .option('--json', 'Print JSON, and write nothing');
}

function members(text: string): number {
  const count = /^[0-9]{1,5}$/.test(text) ? Number(text) : 0;
  if (count < 1 || count > MAX_MEMBERS) throw new InvalidArgumentError(`It is not a number from 1 to ${MAX_MEMBERS}.`);
  return count;
}

/** The dialect that was asked for, or that the environment names. */
export const dialectOf = ({ dialect }: RenderOptions, { env, ui }: CommandContext): TemplateDialect =>
  dialect ?? readHookSettings(env, (message) => ui.warn(message)).dialect;

export const isQuiet = ({ quiet, verbose }: RenderOptions): boolean => quiet === true || !verbose;

/**
 * Writes and prints what was rendered: all files, or none when any template failed.
 *
 * @throws with every failure.
 */
export async function finishRender(
  rendered: readonly RenderedSource[],
  options: RenderOptions,
  context: CommandContext,
): Promise<void> {
  const { ui } = context;
  const failures = rendered.flatMap(({ problem }) => (problem === undefined ? [] : [problem]));
  if (ui.json) {
    ui.document(rendered.map(({ folder, name, text, problem }) => ({ name: `${folder}/${name}`, text, problem })));
    if (failures.length > 0) context.exit(1);
    return;
  }
  if (failures.length > 0) {
    const count = failures.length === 1 ? 'A template does' : `${failures.length} templates do`;
    throw failed(`${count} not render; nothing was written\n${failures.join('\n')}`);
  }
  if (options.render) await write(rendered, options, context);
  if (options.print === true) for (const source of rendered) print(source, options, context);
}

const CONFIG_MODE = 0o644;
const HOOK_MODE = 0o755;

async function write(
  rendered: readonly RenderedSource[],
  options: RenderOptions,
  { ui, cwd, signal }: CommandContext,
): Promise<void> {
  const target = resolve(cwd, options.renderDir);
  const sets = TEMPLATE_FOLDERS.flatMap((folder) => {
    const files = rendered.filter((source) => source.folder === folder);
    return files.length === 0 ? [] : [{ folder, files }];
  });
  for (const { folder } of sets) await mkdir(join(target, folder), { recursive: true });
  await writeRendered(
    sets.map(({ folder, files }) => ({
      directory: join(target, folder),
      files: files.map(({ name, text = '' }) => ({ name, text })),
      mode: folder === 'hooks' ? HOOK_MODE : CONFIG_MODE,
      directoryMode: HOOK_MODE,
    })),
    { signal },
  );
  if (isQuiet(options)) return;
  for (const { folder, name } of rendered) ui.status('Creating', `file: ${join(options.renderDir, folder, name)}`);
}

/** The text on standard output, its frame on standard error. */
export function print(
  { folder, name, text = '' }: RenderedSource,
  options: RenderOptions,
  { ui }: CommandContext,
): void {
  const title = `${folder}/${name}`;
  if (!isQuiet(options)) ui.note(`###======== Rendered template: ${title}\n`);
  ui.data(text);
  if (!isQuiet(options)) ui.note(`========### End rendered template: ${title}\n`);
}
