import { isIdentError, type PackageIdent, parseIdent } from '@hab/ident';
import type { PlanReading } from '@hab/plan-parser';

/** What a plan says of itself, as far as it can be told without running it; absent where a value depends on more. */
export interface PlanMetadata {
  readonly origin: string | undefined;
  readonly name: string | undefined;
  readonly version: string | undefined;
  readonly deps: readonly PackageIdent[] | undefined;
  readonly exposes: readonly string[];
  /** Exported keys and their paths; absent when some of them cannot be told. */
  readonly exports: ReadonlyMap<string, string> | undefined;
  /** Binds, required and optional, and the keys that each needs. */
  readonly binds: ReadonlyMap<string, readonly string[]> | undefined;
  /** What all this was read from. */
  readonly source: PlanText | undefined;
}

/** The text of a plan and what reading it told. */
export interface PlanText {
  /** Name in the plan's folder: `plan.sh` or `plan.ps1`. */
  readonly file: string;
  /** Path that it was read by; places in `reading` name it. */
  readonly path: string;
  readonly text: string;
  readonly reading: PlanReading;
}

/** Of a folder without a plan. */
export const NO_PLAN: PlanMetadata = {
  source: undefined,
  origin: undefined,
  name: undefined,
  version: undefined,
  deps: undefined,
  exposes: [],
  exports: undefined,
  binds: undefined,
};

/** What the text of a plan says, in the terms of whoever looks at its templates. */
export function planMetadata(source: PlanText): PlanMetadata {
  const { settings } = source.reading;
  const scalar = (name: string): string | undefined => {
    const value = settings.get(name)?.value;
    return typeof value === 'string' && value !== '' ? value : undefined;
  };
  const list = (name: string): readonly string[] | undefined => {
    const setting = settings.get(name);
    if (setting === undefined) return [];
    return Array.isArray(setting.value) ? setting.value : undefined;
  };
  const map = (name: string): ReadonlyMap<string, string> | undefined => {
    const setting = settings.get(name);
    if (setting === undefined) return new Map();
    return setting.value instanceof Map ? setting.value : undefined;
  };
  const [required, optional] = [map('pkg_binds'), map('pkg_binds_optional')];
  return {
    source,
    origin: scalar('pkg_origin'),
    name: scalar('pkg_name'),
    version: scalar('pkg_version'),
    deps: list('pkg_deps')?.flatMap(tryIdent),
    exposes: list('pkg_exposes') ?? [],
    exports: map('pkg_exports'),
    binds: required === undefined || optional === undefined ? undefined : bindsOf([...required, ...optional]),
  };
}

const bindsOf = (binds: readonly (readonly [string, string])[]): ReadonlyMap<string, readonly string[]> =>
  new Map(binds.map(([name, keys]) => [name, keys.split(/\s+/).filter((key) => key !== '')]));

function tryIdent(text: string): PackageIdent[] {
  try {
    return [parseIdent(text)];
  } catch (error) {
    if (isIdentError(error, 'IDENT_INVALID')) return [];
    throw error;
  }
}
