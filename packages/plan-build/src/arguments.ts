import { BuildError } from './errors.ts';

/** What `hab-plan-build [CONTEXT] [-u URL]` was asked for. */
export interface BuildArguments {
  readonly context: string;
  readonly builderUrl?: string | undefined;
}

/**
 * Reads the words behind the name of the build program. The first is the context, whatever it looks like.
 *
 * @throws {@link BuildError} `BUILD_ARGUMENTS`, status 1. @see spec/plan-build, 2
 */
export function parseBuildArguments(words: readonly string[]): BuildArguments {
  const [context = '.', ...options] = words;
  let builderUrl: string | undefined;
  for (let at = 0; at < options.length; at += 2) {
    const [option = '', value] = options.slice(at, at + 2);
    if (option !== '-u') throw invalid(`Invalid option: ${option}`, option);
    if (value === undefined) throw invalid(`Option ${option} needs a value`, option);
    builderUrl = value;
  }
  return builderUrl === undefined ? { context } : { context, builderUrl };
}

const invalid = (message: string, option: string) =>
  new BuildError('BUILD_ARGUMENTS', message, {
    details: { status: 1, option },
    hint: 'Use: hab-plan-build [CONTEXT] [-u BUILDER_URL]',
  });
