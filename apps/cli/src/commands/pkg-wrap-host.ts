import { resolve } from 'node:path';

import type { CommandContext } from '../context.ts';
import { failed } from '../errors.ts';
import { addKeyCacheOption, type KeyCacheOption } from '../key-cache.ts';
import type { AddCommand } from './add-command.ts';

interface WrapHostOptions extends KeyCacheOption {
  readonly list?: boolean;
  readonly output?: string;
  readonly hostRoot?: string;
  readonly force?: boolean;
}

/** `hab pkg wrap-host`: stand-ins for packages of a depot, out of what the machine has. */
export function registerWrapHostCommand(add: AddCommand, context: CommandContext): void {
  const { ui, cwd, env, signal } = context;
  addKeyCacheOption(add('wrap-host', "Make packages that stand for this machine's tools, to build without a depot"))
    .argument('[name...]', 'Names such as gcc or zlib; all that the machine has')
    .option('-l, --list', 'Say what the machine has, and make nothing')
    .option('-o, --output <dir>', 'Folder that gets a copy of every artifact')
    .option('-f, --force', 'Make again what is installed')
    .option('--host-root <dir>', 'Look for files below DIR before /, such as an unpacked tree of packages')
    .option('--json', 'Print JSON')
    .action(async (names: readonly string[], options: WrapHostOptions) => {
      const hostRoot = options.hostRoot === undefined ? '' : resolve(cwd, options.hostRoot);
      if (options.list === true) {
        const { surveyHost } = await import('../host-plans.ts');
        const found = await surveyHost(names, { hostRoot, env, signal });
        if (ui.json) ui.document(found);
        else for (const one of found) ui.data(`${row(one.name, one.version, one.lacks)}\n`);
        return;
      }
      const { wrapHost } = await import('../wrap-host.ts');
      ui.begin('Wrapping the tools of this machine');
      const output = options.output === undefined ? undefined : resolve(cwd, options.output);
      const wrapped = await wrapHost(
        {
          names,
          hostRoot,
          output,
          force: options.force === true,
          onWrapped: ({ state, ident, lacks, log }) => {
            if (state === 'made') ui.status('Created', ident);
            else if (state === 'present') ui.status('Using', ident);
            else if (state === 'missing') ui.status('Missing', `${ident} (no ${lacks.join(', no ')})`);
            else ui.warn(`${ident} was not made:\n${log ?? ''}`);
          },
          ...(options.cacheKeyPath === undefined ? {} : { cacheKeyPath: options.cacheKeyPath }),
        },
        context,
      );
      if (ui.json) ui.document(wrapped);
      const count = (state: string): number => wrapped.filter((one) => one.state === state).length;
      ui.end(`${count('made')} packages made, ${count('present')} were there, ${count('missing')} the machine lacks.`);
      // What nobody asked for by name may be missing.
      const bad = wrapped.filter(({ state }) => state === 'failed' || (state === 'missing' && names.length > 0));
      if (bad.length > 0) {
        throw failed(
          `Not made: ${bad.map(({ ident }) => ident).join(' ')}`,
          'Install what the lines above miss (on Debian: the -dev packages), and run this again.',
        );
      }
    });
}

function row(name: string, version: string, lacks: readonly string[]): string {
  return lacks.length > 0 ? `${name.padEnd(16)}- (no ${lacks.join(', no ')})` : `${name.padEnd(16)}${version}`;
}
