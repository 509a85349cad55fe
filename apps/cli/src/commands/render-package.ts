import type { PackageIdent } from '@hab/ident';
import { readTemplateFolders } from '@hab/plan-lint/node';
import { readServicePackage } from '@hab/services/node';
import { parseToml } from '@hab/templating';

import { identArgument } from '../arguments.ts';
import type { CommandContext } from '../context.ts';
import { openStore } from '../package-store.ts';
import { addRenderOptions, dialectOf, finishRender, isQuiet, type RenderOptions } from '../render-command.ts';
import { createRenderContext } from '../render-context.ts';
import { renderTemplates } from '../render-templates.ts';
import type { AddCommand } from './add-command.ts';

export function registerRenderCommand(add: AddCommand, context: CommandContext): void {
  const command = add(
    'render',
    'Render all templates and hooks of an installed package, with made-up or real data',
  ).argument('<package>', 'ORIGIN/NAME[/VERSION[/RELEASE]]', identArgument);
  addRenderOptions(command).action(async (ident: PackageIdent, options: RenderOptions) => {
    await renderPackage(ident, options, context);
  });
}

async function renderPackage(ident: PackageIdent, options: RenderOptions, context: CommandContext): Promise<void> {
  const { ui, layout } = context;
  const store = openStore(context);
  const installed = await store.load(ident);
  const pkg = await readServicePackage({ ...installed, runtimePath: () => store.runtimePath(installed) });
  if (!isQuiet(options)) ui.begin(`Rendering: ${pkg.directory} into: ${options.renderDir}`);
  const about = {
    ident: pkg.ident,
    deps: pkg.tdeps,
    exposes: pkg.exposes,
    exports: pkg.exports,
    binds: [...pkg.binds, ...pkg.bindsOptional].map(({ name, exports }) => [name, exports] as const),
    layout,
  };
  const defaults = parseToml(pkg.defaultToml ?? '', { source: 'default.toml' });
  const rendered = renderTemplates({
    templates: await readTemplateFolders(pkg.directory),
    context: await createRenderContext(defaults, about, options, context),
    configInstallPath: layout.service(pkg.ident.name).configInstall,
    dialect: dialectOf(options, context),
    packagePath: layout.package,
  });
  await finishRender(rendered, options, context);
}
