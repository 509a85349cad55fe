import { BuildError } from './errors.ts';

/** What `hab-plan-build [CONTEXT] [OPTIONS]` was asked for. */
export interface BuildArguments {
  readonly context: string;
  readonly builderUrl?: string | undefined;
  readonly release?: string | undefined;
  readonly lockFile?: string | undefined;
  readonly log?: boolean | undefined;
  readonly onFailure?: 'stop' | 'shell' | undefined;
}

/** Options with a value; `-u` is the original's. */
const VALUES = {
  '-u': 'builderUrl',
  '--release': 'release',
  '--lock': 'lockFile',
  '--on-failure': 'onFailure',
} as const;

/**
 * Reads the words behind the name of the build program. The first is the context, whatever it looks like.
 *
 * @throws {@link BuildError} `BUILD_ARGUMENTS`, status 1. @see spec/plan-build, 2
 */
export function parseBuildArguments(words: readonly string[]): BuildArguments {
  const [context = '.', ...options] = words;
  const found: { -readonly [K in keyof BuildArguments]?: BuildArguments[K] } = {};
  while (options.length > 0) {
    const option = options.shift() ?? '';
    if (option === '--log') {
      found.log = true;
      continue;
    }
    if (!isValueOption(option)) throw invalid(`Invalid option: ${option}`, option);
    const value = options.shift();
    if (value === undefined) throw invalid(`Option ${option} needs a value`, option);
    if (option !== '--on-failure') found[VALUES[option]] = value;
    else if (value === 'stop' || value === 'shell') found.onFailure = value;
    else throw invalid(`Option ${option} takes stop or shell`, option);
  }
  return { context, ...found };
}

const isValueOption = (option: string): option is keyof typeof VALUES => Object.hasOwn(VALUES, option);

const invalid = (message: string, option: string) =>
  new BuildError('BUILD_ARGUMENTS', message, {
    details: { status: 1, option },
    hint: 'Use: hab-plan-build [CONTEXT] [-u BUILDER_URL] [--release RELEASE] [--lock FILE] [--log] [--on-failure shell]',
  });
