import { type CompressionLevel, DEFAULT_COMPRESSION_LEVEL, parseCompressionLevel } from '@hab/hart';
import { DEFAULT_CHANNEL } from '@hab/ident';

/** What the environment decides about a build. @see spec/plan-build, 2 */
export interface BuildSettings {
  readonly builderUrl: string;
  /** Channel to install dependencies from. */
  readonly channel: string;
  /** The same for dependencies of origin `core`. */
  readonly refreshChannel: string;
  /** Second try; empty for none. */
  readonly fallbackChannel: string;
  /** Origins whose installed packages do not count when a newer or promoted one is looked for. */
  readonly ignoreLocal: 'all' | 'core-and-chef' | 'none';
  readonly installDependencies: boolean;
  /** `HAB_ORIGIN`: wins over `pkg_origin`. */
  readonly origin: string | undefined;
  readonly outputPath: string | undefined;
  readonly sourcePath: string | undefined;
  /** Directory of the signing keys; absent: the layout's. */
  readonly keyPath: string | undefined;
  /** xz level 0 to 9. */
  readonly compressionLevel: CompressionLevel;
  /** Name patterns of configuration files that stay behind. */
  readonly configExclude: readonly string[];
  readonly native: boolean;
  readonly noColoring: boolean;
  readonly noninteractive: boolean;
  readonly terminal: string;
  /** `BUILD_PKG_TARGET`, not checked. */
  readonly target: string | undefined;
  readonly check: boolean;
  /** `DEBUG`: bash traces every command. */
  readonly debug: boolean;
  /** True in a Studio, where only the packages of the build can be seen. */
  readonly inStudio: boolean;
  /** Seconds since the epoch: the times in the artifact, and the release when nobody gives one. */
  readonly sourceDateEpoch: number | undefined;
}

const DEFAULT_BUILDER_URL = 'https://bldr.habitat.sh';
const DEFAULT_EXCLUDE = ['*.sw?', '*~', '*.bak'];

/** Reads the settings out of an environment; empty counts as absent, save for `HAB_FALLBACK_CHANNEL`. */
export function readBuildSettings(environment: Readonly<Record<string, string | undefined>>): BuildSettings {
  const text = (name: string): string | undefined => environment[name] || undefined;
  const exclude = text('HAB_CONFIG_EXCLUDE');
  const noInstall = text('NO_INSTALL_DEPS');
  return {
    builderUrl: text('HAB_BLDR_URL') ?? DEFAULT_BUILDER_URL,
    channel: text('HAB_BLDR_CHANNEL') ?? DEFAULT_CHANNEL,
    refreshChannel: text('HAB_REFRESH_CHANNEL') ?? DEFAULT_CHANNEL,
    fallbackChannel: environment.HAB_FALLBACK_CHANNEL ?? DEFAULT_CHANNEL,
    ignoreLocal: ignoreLocal(environment),
    installDependencies: noInstall === undefined || noInstall === 'false',
    origin: text('HAB_ORIGIN'),
    outputPath: text('HAB_OUTPUT_PATH'),
    sourcePath: text('HAB_SRC_PATH'),
    keyPath: text('HAB_CACHE_KEY_PATH'),
    compressionLevel: compressionLevel(text('HAB_HART_COMPRESSION_LEVEL') ?? ''),
    configExclude: exclude === undefined ? DEFAULT_EXCLUDE : exclude.split(',').filter((pattern) => pattern !== ''),
    native: text('HAB_NATIVE_PACKAGE') !== undefined,
    noColoring: environment.HAB_NOCOLORING === 'true',
    noninteractive: environment.HAB_NONINTERACTIVE === 'true',
    terminal: environment.TERM ?? '',
    target: text('BUILD_PKG_TARGET'),
    check: text('DO_CHECK') !== undefined,
    debug: text('DEBUG') !== undefined,
    inStudio: text('STUDIO_TYPE') !== undefined,
    sourceDateEpoch: sourceDateEpoch(text('SOURCE_DATE_EPOCH') ?? ''),
  };
}

/** A level that makes no sense is no reason to fail: it changes how long packing takes, not what is packed. */
const compressionLevel = (text: string): CompressionLevel =>
  /^\d$/.test(text) ? parseCompressionLevel(text) : DEFAULT_COMPRESSION_LEVEL;

/** The last second whose year has four digits. */
const LAST_SECOND = 253_402_300_799;

const sourceDateEpoch = (text: string): number | undefined =>
  /^\d{1,12}$/.test(text) && Number(text) <= LAST_SECOND ? Number(text) : undefined;

function ignoreLocal(environment: Readonly<Record<string, string | undefined>>): BuildSettings['ignoreLocal'] {
  if (['true', 'TRUE'].includes(environment.HAB_FEAT_IGNORE_LOCAL ?? '')) return 'all';
  return (environment.HAB_PREFER_LOCAL_CHEF_DEPS || 'false') === 'false' ? 'core-and-chef' : 'none';
}

/** True when lines are coloured: by the kind of terminal, whether or not there is one. @see spec/plan-build, 12.1 */
export function isColoured(settings: Pick<BuildSettings, 'noColoring' | 'terminal'>): boolean {
  if (settings.noColoring) return false;
  return /term$|^xterm-|^rxvt$|^screen$|^screen-/.test(settings.terminal);
}
