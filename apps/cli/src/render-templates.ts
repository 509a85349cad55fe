import { isHabError } from '@hab/core';
import { type PlanTemplate, TEMPLATE_FOLDERS, type TemplateFolder, templateUse } from '@hab/plan-lint';
import { SERVICE_TEMPLATE_LIMITS as limits } from '@hab/services';
import { type ConfigTable, type ConfigValue, createRenderer, type TemplateDialect, valueAt } from '@hab/templating';

export interface RenderRequest {
  readonly templates: ReadonlyMap<TemplateFolder, readonly PlanTemplate[]>;
  /** Of a service. */
  readonly context: ConfigTable;
  /** Where `config_install` is rendered to. */
  readonly configInstallPath: string;
  readonly dialect: TemplateDialect;
  readonly packagePath: (origin: string, name: string, version: string, release: string) => string;
}

/** One template and what became of it. */
export interface RenderedSource {
  readonly folder: TemplateFolder;
  readonly name: string;
  readonly text?: string | undefined;
  /** Why there is no text, with file, line and column. */
  readonly problem?: string | undefined;
}

/** Renders all templates of a plan or package as its Supervisor would: each hook alone, each folder together. */
export function renderTemplates(request: RenderRequest): readonly RenderedSource[] {
  return TEMPLATE_FOLDERS.flatMap((folder) => renderFolder(folder, request.templates.get(folder) ?? [], request));
}

function renderFolder(
  folder: TemplateFolder,
  sources: readonly PlanTemplate[],
  { context, configInstallPath, dialect, packagePath }: RenderRequest,
): readonly RenderedSource[] {
  const together = createRenderer({ dialect, packagePath, limits });
  const compiled = sources.map(({ name, text }) => {
    const renderer = folder === 'hooks' ? createRenderer({ dialect, packagePath, limits }) : together;
    return { name, renderer, problem: problemOf(() => renderer.register(name, text)) };
  });
  return compiled.map(({ name, renderer, problem }): RenderedSource => {
    if (problem !== undefined) return { folder, name, problem };
    const root = templateUse(folder, name) === 'install' ? installRoot(context, configInstallPath) : context;
    let text = '';
    const failure = problemOf(() => {
      text = renderer.render(name, root);
    });
    return failure === undefined ? { folder, name, text } : { folder, name, problem: failure };
  });
}

/** What `install` hooks and `config_install` see of a service's context. */
function installRoot(context: ConfigTable, configInstallPath: string): ConfigTable {
  const pkg = valueAt(context, ['pkg']);
  const members = pkg instanceof Map ? [...pkg] : [];
  const at = members.findIndex(([key]) => key === 'svc_config_path') + 1;
  members.splice(at, 0, ['svc_config_install_path', configInstallPath]);
  return new Map<string, ConfigValue>([
    ['pkg', new Map<string, ConfigValue>(members)],
    ['cfg', context.get('cfg') ?? new Map()],
  ]);
}

function problemOf(work: () => void): string | undefined {
  try {
    work();
    return undefined;
  } catch (error) {
    if (!isHabError(error)) throw error;
    return error.hint === undefined ? error.message : `${error.message}\n${error.hint}`;
  }
}
