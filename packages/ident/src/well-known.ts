import type { PackageIdent } from './ident.ts';

/** Channel that everything is installed from unless told otherwise. See the specification's decision 1. */
export const DEFAULT_CHANNEL = 'stable';
/** Channel that every upload enters. */
export const UPLOAD_CHANNEL = 'unstable';

/** The parts of Habitat that come as packages. */
export type ToolPackage = 'cli' | 'supervisor' | 'launcher' | 'studio' | 'backline' | 'planBuild';

/** The packages that Habitat itself consists of. See decision 2. */
export const TOOL_PACKAGES: Readonly<Record<ToolPackage, PackageIdent>> = {
  cli: { origin: 'core', name: 'hab' },
  supervisor: { origin: 'core', name: 'hab-sup' },
  launcher: { origin: 'core', name: 'hab-launcher' },
  studio: { origin: 'core', name: 'hab-studio' },
  backline: { origin: 'core', name: 'hab-backline' },
  planBuild: { origin: 'core', name: 'hab-plan-build' },
};

const TOOL_ORIGINS: readonly string[] = ['core', 'chef'];

/**
 * True for the tool package itself and for its twin of origin `chef`, which 2.x installs and mixed fleets have.
 * The twin is accepted, never produced.
 */
export function isToolPackage(ident: PackageIdent, tool: ToolPackage): boolean {
  return ident.name === TOOL_PACKAGES[tool].name && TOOL_ORIGINS.includes(ident.origin);
}
