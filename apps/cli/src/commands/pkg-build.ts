import { collect } from '../arguments.ts';
import type { CommandContext } from '../context.ts';
import { usage } from '../errors.ts';
import { type KeyCacheOption, openKeyCache } from '../key-cache.ts';
import type { AddCommand } from './pkg.ts';

interface BuildOptions extends KeyCacheOption {
  readonly keys?: readonly string[];
  readonly root?: string;
  readonly src?: string;
  readonly reuse?: boolean;
  readonly docker?: boolean;
  readonly artifacts?: readonly string[];
}

export function registerBuildCommand(add: AddCommand, context: CommandContext): void {
  const { ui, env } = context;
  add('build', 'Build a plan into a signed artifact, on this machine')
    .argument('[plan-context]', 'Folder with plan.sh, or with habitat/plan.sh', '.')
    .option(
      '-k, --keys <origins>',
      'Origins whose newest secret keys must be there; may be repeated',
      (text: string, previous: string[] = []) => [...previous, ...text.split(',').filter((name) => name !== '')],
    )
    .option('-s, --src <dir>', 'Folder that the plan context is relative to')
    .option(
      '--artifacts <dir>',
      'Folders of .hart files to take dependencies from [env: HAB_ARTIFACTS]; may be repeated',
      collect,
    )
    .option('--cache-key-path <dir>', 'Folder of the keys [env: HAB_CACHE_KEY_PATH]')
    .option('-r, --root <dir>', 'Root of the Studio')
    .option('-R, --reuse', 'Reuse the Studio')
    .option('-D, --docker', 'Use a container Studio')
    .action(async (planContext: string, options: BuildOptions) => {
      for (const [flag, value] of [
        ['--root', options.root],
        ['--reuse', options.reuse],
        ['--docker', options.docker],
      ] as const) {
        if (value !== undefined)
          throw usage(
            `${flag} is about the Studio, which this version does not have: it builds on this machine.`,
            flag,
          );
      }
      const keys = openKeyCache(options, context);
      for (const origin of options.keys ?? []) await keys.latest('origin-signing-secret', origin);
      ui.info('Building on this machine, without a Studio: whatever is installed here can slip into the build.');
      const { build } = await import('../build.ts');
      const { resolve } = await import('node:path');
      context.exit(
        await build(
          {
            context: options.src === undefined ? planContext : resolve(context.cwd, options.src, planContext),
            environment: {
              ...(options.keys?.[0] === undefined || env['HAB_ORIGIN']
                ? {}
                : { HAB_ORIGIN_KEYS: options.keys.join(',') }),
            },
            artifacts: options.artifacts,
            cacheKeyPath: options.cacheKeyPath,
            programName: 'hab pkg build',
          },
          context,
        ),
      );
    });
}
