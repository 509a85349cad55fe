import type { PlanMetadata, PlanText } from './plan-metadata.ts';

/** Names that a plan may have, the one that counts first. */
export const PLAN_NAMES = ['plan.sh', 'plan.ps1'] as const;

/** Folders of templates in a plan and in a package. */
export const TEMPLATE_FOLDERS = ['config', 'config_install', 'hooks'] as const;
export type TemplateFolder = (typeof TEMPLATE_FOLDERS)[number];

/** One template of a folder. */
export interface PlanTemplate {
  /** Path below the folder, with `/`; of a hook, its name without the extension of its file. */
  readonly name: string;
  readonly text: string;
}

/** A part of a plan that cannot be read. */
export interface UnreadablePart {
  /** Path below the plan's folder. */
  readonly file: string;
  /** Why. */
  readonly message: string;
}

/** Everything of a plan that tools look at without running it. */
export interface PlanSources {
  /** Folder of `plan.sh`. */
  readonly directory: string;
  /** Of `plan.sh`, or of `plan.ps1` where there is no other. */
  readonly metadata: PlanMetadata;
  /** Every plan of the folder: it may have one for each shell. */
  readonly texts: readonly PlanText[];
  /** Text of `default.toml`; undefined when there is none. */
  readonly defaults: string | undefined;
  readonly templates: ReadonlyMap<TemplateFolder, readonly PlanTemplate[]>;
  /** Hooks that nobody may execute as they lie there, by name; none where that is the custom of the plans around. */
  readonly unexecutable: readonly string[];
  readonly unreadable: readonly UnreadablePart[];
}

/** `install` and `uninstall` run where there is no service: their templates, and those of `config_install`, see less. */
export const templateUse = (folder: TemplateFolder, name: string): 'service' | 'install' =>
  folder === 'config_install' || (folder === 'hooks' && /^(?:un)?install$/.test(name)) ? 'install' : 'service';
