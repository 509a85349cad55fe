import { parse } from 'toml';
import { BuildError } from './errors.ts';

/** Parsed `default.toml`; undefined for a package without one. */
export type DefaultConfig = Readonly<Record<string, unknown>>;

/**
 * Reads a `default.toml`.
 *
 * @throws {@link BuildError} `BUILD_EXPOSES_INVALID` with the parser's own words.
 */
export function parseDefaultConfig(text: string): DefaultConfig {
  try {
    return parse(text, { bigint: true });
  } catch (error) {
    throw new BuildError('BUILD_EXPOSES_INVALID', `default.toml is not valid TOML: ${tomlProblem(error)}`, {
      details: { status: 1, key: 'default.toml' },
      cause: error,
    });
  }
}

/** Where and what, from the parser's two kinds of errors: of the grammar, and of what a document means. */
function tomlProblem(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const place: unknown = Reflect.get(Object(Reflect.get(error, 'location')), 'start') ?? error;
  const line: unknown = Reflect.get(Object(place), 'line');
  const found: unknown = Reflect.get(error, 'found');
  const what =
    found === null
      ? 'unexpected end'
      : typeof found === 'string'
        ? `unexpected ${JSON.stringify(found)}`
        : error.message;
  return typeof line === 'number' ? `line ${line}: ${what}` : what;
}

/**
 * The ports that a package exposes: `pkg_exposes` names exports, exports name places in `default.toml`.
 *
 * @throws {@link BuildError} `BUILD_EXPOSES_INVALID`. @see spec/plan-build, 10
 */
export function exposedPorts(
  exposes: readonly string[],
  exports: ReadonlyMap<string, string>,
  config: DefaultConfig | undefined,
): readonly string[] {
  return exposes.map((key) => {
    const path = exports.get(key);
    if (path === undefined) {
      throw invalid(key, `Bad value in pkg_exposes; No pkg_export found matching key: ${key}`);
    }
    const value = valueAt(config, path);
    const port = typeof value === 'bigint' || typeof value === 'number' || typeof value === 'string' ? `${value}` : '';
    if (/^\d{1,9}$/.test(port) && Number(port) >= 1 && Number(port) <= 65_535) return String(Number(port));
    throw invalid(
      key,
      `Bad pkg_export in pkg_exposes; Value of key "${path}" does not contain a valid TCP or UDP port number: ${port}`,
      `Give ${path} a number from 1 to 65535 in default.toml.`,
    );
  });
}

/** The value at a dotted path; undefined when any part is missing. */
export function valueAt(config: DefaultConfig | undefined, path: string): unknown {
  let value: unknown = config;
  for (const key of path.split('.')) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
    value = Reflect.get(value, key);
  }
  return value;
}

const invalid = (key: string, message: string, hint?: string) =>
  new BuildError('BUILD_EXPOSES_INVALID', message, {
    details: { status: 1, key },
    ...(hint === undefined ? {} : { hint }),
  });
