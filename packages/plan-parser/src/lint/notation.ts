import type { SettingKind } from './known-settings.ts';

/** How plans of one shell are written. */
export interface Notation {
  /** What to write for a setting of a kind. */
  readonly setting: (name: string, kind: SettingKind) => string;
  /** A pair of a map. */
  readonly pair: (name: string) => string;
  /** Whether one text is as good as a list of one. */
  readonly textIsList: boolean;
  /** Functions that take a source, or look whether it is the right one, in place of the build. */
  readonly download: readonly string[];
  /** Helpers that tell where a dependency lies, in lower case. */
  readonly pathHelpers: readonly string[];
}

const BASH: Notation = {
  setting: (name, kind) => `${name}=${{ text: '"..."', list: '(...)', map: '([name]="value")' }[kind]}`,
  pair: (name) => `[${name}]=...`,
  textIsList: false,
  download: ['do_download', 'do_verify'],
  pathHelpers: ['pkg_path_for'],
};

const POWERSHELL: Notation = {
  setting: (name, kind) => `$${name}=${{ text: '"..."', list: '@("...")', map: '@{ name="value" }' }[kind]}`,
  pair: (name) => `${name}="..."`,
  textIsList: true,
  download: ['invoke-download', 'invoke-verify'],
  pathHelpers: ['get-habpackagepath'],
};

/** @param path - Of the plan: `plan.sh` or `plan.ps1`. */
export const notationOf = (path: string): Notation => (path.endsWith('.ps1') ? POWERSHELL : BASH);
