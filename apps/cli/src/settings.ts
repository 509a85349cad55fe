/** Variables that hold text. An empty one counts as unset, everywhere. See spec/formats 5.2. */
const TEXTS = [
  'HOME',
  'TERM',
  'NO_COLOR',
  'HAB_COLOR',
  'HAB_GLYPH_STYLE',
  'HAB_OUTPUT',
  'FS_ROOT',
  'HAB_ORIGIN',
  'HABITAT_ORG',
  'HAB_ORG',
  'HAB_CACHE_KEY_PATH',
  'HAB_BLDR_URL',
  'HAB_BLDR_CHANNEL',
  'HAB_CTL_SECRET',
  'HAB_LAUNCH_BINARY',
  'HAB_SUP_BINARY',
  'HAB_INTERPRETER_IDENT',
  'HAB_ARTIFACTS',
  'HAB_PACKAGE_TARGET',
  'SOURCE_DATE_EPOCH',
] as const;
/** Variables that are on for exactly `1` and `true`. */
const FLAGS = ['HAB_NOCOLORING', 'HAB_NONINTERACTIVE', 'HAB_BUILD_IN_PLACE'] as const;

/** The environment as `hab` reads it, once. */
export type Settings = { readonly [K in (typeof TEXTS)[number]]?: string | undefined } & {
  readonly [K in (typeof FLAGS)[number]]: boolean;
};

export function readSettings(env: Readonly<Record<string, string | undefined>>): Settings {
  const texts = Object.fromEntries(TEXTS.map((name) => [name, env[name] || undefined]));
  const flags = Object.fromEntries(FLAGS.map((name) => [name, env[name] === '1' || env[name] === 'true']));
  // Every name of both lists has just been set.
  return { ...texts, ...flags } as Settings;
}
