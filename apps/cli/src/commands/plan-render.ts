import { mkdir, stat } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve } from 'node:path';

import type { FullIdent, PackageIdent } from '@hab/ident';
import { NO_PLAN, type PlanMetadata } from '@hab/plan-lint';
import { readPlanMetadata, readPlanSources } from '@hab/plan-lint/node';
import { type ConfigTable, parseToml } from '@hab/templating';
import { readTemplates, type TemplateSource, writeRendered } from '@hab/templating/node';
import type { SampleContextOptions } from '@hab/templating/offline';
import type { Command } from 'commander';

import { aliasesOf } from '../abbreviations.ts';
import type { CommandContext } from '../context.ts';
import { failed } from '../errors.ts';
import { isFile } from '../is-file.ts';
import { addRenderOptions, dialectOf, finishRender, isQuiet, print, type RenderOptions } from '../render-command.ts';
import { createRenderContext, readText } from '../render-context.ts';
import { renderTemplates } from '../render-templates.ts';

interface PlanRenderOptions extends RenderOptions {
  readonly defaultToml?: string;
}

/** Release of a package that has not been built. */
const RELEASE = '20240102030405';

export function registerRender(plan: Command, context: CommandContext): void {
  const command = plan
    .command('render')
    .aliases(aliasesOf('plan', 'render'))
    .description('Render one template, or all templates and hooks of a plan, with made-up or real data')
    .argument('[path]', 'A template, or the folder of a plan', '.')
    .option('-d, --default-toml <file>', 'Configuration to begin with (default: default.toml here, or of the plan)');
  addRenderOptions(command).action(async (path: string, options: PlanRenderOptions) => {
    const found = await stat(resolve(context.cwd, path)).catch((error: unknown) => {
      throw failed(`There is no ${path}`, 'Give a template, or the folder of a plan.', error);
    });
    if (found.isDirectory()) await renderPlan(path, options, context);
    else await renderOne(path, options, context);
  });
}

async function renderPlan(path: string, options: PlanRenderOptions, context: CommandContext): Promise<void> {
  const { ui, cwd, layout } = context;
  const plan = await readPlanSources(resolve(cwd, path));
  const { metadata, defaults = '' } = plan;
  if (!isQuiet(options)) ui.begin(`Rendering: ${plan.directory} into: ${options.renderDir}`);
  const source = options.defaultToml ?? join(plan.directory, 'default.toml');
  const text = options.defaultToml === undefined ? defaults : await readText(options.defaultToml, context);
  const about = aboutPlan(metadata, basename(dirname(plan.directory)));
  const root = await createRenderContext(parseToml(text, { source }), about, options, context);
  const rendered = renderTemplates({
    templates: plan.templates,
    context: root,
    configInstallPath: layout.service(about.ident.name).configInstall,
    dialect: dialectOf(options, context),
    packagePath: layout.prefix,
  });
  await finishRender(rendered, options, context);
}

/** What a plan says, with something plausible for the rest. */
function aboutPlan(metadata: PlanMetadata, folder: string): SampleContextOptions & { readonly ident: FullIdent } {
  const { origin = 'example', name = folder === '' ? 'service' : folder, version = '1.0.0' } = metadata;
  return {
    ident: { origin, name, version, release: RELEASE },
    deps: (metadata.deps ?? []).map(asBuilt),
    exposes: metadata.exposes,
    exports: metadata.exports,
    binds: metadata.binds,
  };
}

const asBuilt = ({ origin, name, version = '1.0.0', release = RELEASE }: PackageIdent): FullIdent => ({
  origin,
  name,
  version,
  release,
});

/** One template, written under its own name: what the command has always done. */
async function renderOne(path: string, options: PlanRenderOptions, context: CommandContext): Promise<void> {
  const { ui, cwd, layout } = context;
  const file = resolve(cwd, path);
  const name = basename(file);
  const quiet = isQuiet(options);
  if (!quiet) ui.begin(`Rendering: ${path} into: ${options.renderDir} as: ${name}`);
  const metadata = await nearestPlan(file);
  const defaults = await readDefaults(options, quiet, context);
  if (!quiet && options.userToml !== undefined) ui.begin(`Importing user.toml: ${options.userToml}`);
  if (!quiet && options.mockData !== undefined) ui.begin(`Importing override file: ${options.mockData}`);
  const about = aboutPlan(metadata, basename(dirname(dirname(file))));
  const root = await createRenderContext(defaults, about, options, context);
  const { sources, wanted } = await neighbours(file);
  const folder = basename(dirname(file)) === 'hooks' ? 'hooks' : 'config';
  const all = renderTemplates({
    templates: new Map([[folder, sources]]),
    context: root,
    configInstallPath: layout.service(about.ident.name).configInstall,
    dialect: dialectOf(options, context),
    packagePath: layout.prefix,
  });
  const rendered = all.filter((source) => source.name === wanted);
  const [source] = rendered;
  if (ui.json || source?.text === undefined) return finishRender(rendered, { ...options, render: false }, context);
  const directory = resolve(cwd, options.renderDir);
  if (options.render) {
    await mkdir(directory, { recursive: true });
    await writeRendered([{ directory, files: [{ name, text: source.text }], mode: 0o644 }]);
    if (!quiet) ui.status('Creating', `file: ${join(options.renderDir, name)}`);
  }
  if (options.print === true) print(source, options, context);
}

/** The template and what it may include: everything in the `config` folder that it lies in. */
async function neighbours(file: string): Promise<{ sources: readonly TemplateSource[]; wanted: string }> {
  for (let folder = dirname(file); folder !== dirname(folder); folder = dirname(folder)) {
    if (!['config', 'config_install'].includes(basename(folder))) continue;
    return { sources: await readTemplates(folder), wanted: relative(folder, file) };
  }
  const wanted = basename(file);
  return { sources: await readTemplates(dirname(file), { recursive: false, only: new Set([wanted]) }), wanted };
}

async function nearestPlan(file: string): Promise<PlanMetadata> {
  for (let folder = dirname(file); folder !== dirname(folder); folder = dirname(folder)) {
    if (await isFile(join(folder, 'plan.sh'))) return await readPlanMetadata(join(folder, 'plan.sh'));
  }
  return NO_PLAN;
}

async function readDefaults(
  { defaultToml = './default.toml' }: PlanRenderOptions,
  quiet: boolean,
  context: CommandContext,
): Promise<ConfigTable> {
  if (!quiet) context.ui.begin(`Importing default.toml: ${defaultToml}`);
  return parseToml(await readText(defaultToml, context), { source: defaultToml });
}
