import { existsSync } from 'node:fs';

import { formatRelease } from '@hab/core';
import { InvalidArgumentError } from 'commander';

import { choice, collect } from '../arguments.ts';
import type { CommandContext } from '../context.ts';
import { usage } from '../errors.ts';
import { type KeyCacheOption, openKeyCache } from '../key-cache.ts';
import type { AddCommand } from './add-command.ts';

interface BuildOptions extends KeyCacheOption {
  readonly keys?: readonly string[];
  readonly root?: string;
  readonly src?: string;
  readonly reuse?: boolean;
  readonly docker?: boolean;
  readonly windows?: boolean;
  readonly nativePackage?: boolean;
  readonly refreshChannel?: string;
  readonly release?: string;
  readonly onFailure?: 'stop' | 'shell';
  readonly lock?: string;
  readonly log?: boolean;
  readonly artifacts?: readonly string[];
}

export function registerBuildCommand(add: AddCommand, context: CommandContext): void {
  const { ui, env } = context;
  add('build', 'Build a plan into a signed artifact, on this machine')
    .argument('[plan-context]', 'Folder with plan.sh, or with habitat/plan.sh', '.')
    .option(
      '-k, --keys <origins>',
      'Origins whose newest secret keys must be there; may be repeated',
      (text: string, previous: string[] = []) => [...previous, ...text.split(/[,\s]/).filter((name) => name !== '')],
    )
    .option('-s, --src <dir>', 'Folder that the plan context is relative to')
    .option(
      '--artifacts <dir>',
      'Folders of .hart files to take dependencies from [env: HAB_ARTIFACTS]; may be repeated',
      collect,
    )
    .option('--cache-key-path <dir>', 'Folder of the keys [env: HAB_CACHE_KEY_PATH]')
    .option('-f, --refresh-channel <channel>', 'Channel of the dependencies of origin core [env: HAB_REFRESH_CHANNEL]')
    .option(
      '--release <time>',
      'Release to build, YYYYMMDDhhmmss in UTC: the same inputs give the same bytes',
      releaseArgument,
    )
    .option('--lock <file>', 'Take dependencies in the releases that FILE names; the build writes it')
    .option(
      '--on-failure <what>',
      'stop, or shell: look around where a command failed',
      choice(['stop', 'shell'] as const),
    )
    .option('--log', 'Keep what is printed below results/logs, too')
    .option('--json', 'Print JSON about the result; what the build says goes to standard error')
    .option('-N, --native-package', 'Mark the package as native to this machine')
    .option('-r, --root <dir>', 'Root of the Studio; arrives with the Studio')
    .option('-R, --reuse', 'Reuse the Studio; arrives with the Studio')
    .option('-D, --docker', 'Use a container Studio; arrives with the Studio')
    .option('-w, --windows', 'Use a Windows Studio; arrives with the Studio')
    .action(async (planContext: string, options: BuildOptions) => {
      for (const [flag, value] of [
        ['--root', options.root],
        ['--reuse', options.reuse],
        ['--docker', options.docker],
        ['--windows', options.windows],
      ] as const) {
        if (value !== undefined)
          throw usage(
            `${flag} is about the Studio, which this version does not have: it arrives with the Studio, and until then builds run on this machine.`,
            flag,
          );
      }
      const { resolve } = await import('node:path');
      const { placeOfPlan } = await import('../build-view.ts');
      const { release, src } = options;
      const given = src === undefined ? planContext : resolve(context.cwd, src, planContext);
      const place = placeOfPlan({ context: given, release, tree: src }, context);
      const keys = openKeyCache(options, context);
      for (const origin of options.keys ?? []) await keys.latest('origin-signing-secret', origin);
      ui.info('Building on this machine, without a Studio: whatever is installed here can slip into the build.');
      const { build } = await import('../build.ts');
      context.exit(
        await build(
          {
            context: place,
            environment: {
              ...(await storedDefaults(context)),
              ...(options.keys?.[0] === undefined || env['HAB_ORIGIN']
                ? {}
                : { HAB_ORIGIN_KEYS: options.keys.join(',') }),
              ...(options.nativePackage === true ? { HAB_NATIVE_PACKAGE: 'true' } : {}),
              ...(options.refreshChannel === undefined ? {} : { HAB_REFRESH_CHANNEL: options.refreshChannel }),
            },
            artifacts: options.artifacts,
            cacheKeyPath: options.cacheKeyPath,
            release,
            onFailure: options.onFailure,
            lockFile: options.lock,
            log: options.log,
            programName: 'hab pkg build',
          },
          context,
        ),
      );
    });
}

/** What `cli.toml` says where the environment says nothing. See spec/cli 10.1. */
async function storedDefaults({ env, layout }: CommandContext): Promise<Record<string, string>> {
  // Reading TOML is a part of the start that most builds can do without.
  if (!existsSync(layout.cliConfig)) return {};
  const { readCliConfig } = await import('../cli-config.ts');
  const { origin, bldrUrl, refreshChannel } = await readCliConfig(layout.cliConfig);
  const stored = { HAB_ORIGIN: origin, HAB_BLDR_URL: bldrUrl, HAB_REFRESH_CHANNEL: refreshChannel };
  return Object.fromEntries(
    Object.entries(stored).filter((entry): entry is [string, string] => entry[1] !== undefined && !env[entry[0]]),
  );
}

/** @throws the usage error for what is no time of the calendar. */
function releaseArgument(text: string): string {
  const iso = text.replace(/^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)$/, '$1-$2-$3T$4:$5:$6Z');
  const ms = Date.parse(iso);
  if (Number.isNaN(ms) || formatRelease(ms) !== text) {
    throw new InvalidArgumentError('A release is a time in UTC, YYYYMMDDhhmmss, such as 20260131235959.');
  }
  return text;
}
