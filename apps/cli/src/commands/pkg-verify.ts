import { resolve } from 'node:path';

import { verifyHart } from '@hab/hart/node';

import { collect } from '../arguments.ts';
import type { CommandContext } from '../context.ts';
import { failed, usage } from '../errors.ts';
import { addKeyCacheOption, type KeyCacheOption, openKeyCache } from '../key-cache.ts';
import type { RebuildReport } from '../rebuild.ts';
import type { AddCommand } from './add-command.ts';

/** More lines help nobody; JSON has them all. */
const MAX_LINES = 50;

interface VerifyOptions extends KeyCacheOption {
  readonly rebuild?: boolean;
  readonly plan?: string;
  readonly artifacts?: readonly string[];
}

/** `hab pkg verify`: the signature, and on request a second build. */
export function registerVerifyCommand(add: AddCommand, context: CommandContext): void {
  const { ui, cwd, signal } = context;
  addKeyCacheOption(add('verify', 'Check that an artifact is what its signer signed'))
    .argument('<artifact>', 'A .hart file')
    .option('--rebuild', 'Also build it again, and compare')
    .option('--plan <dir>', 'Plan context for --rebuild; the current folder without it')
    .option('--artifacts <dir>', 'Folders of .hart files to take its dependencies from; may be repeated', collect)
    .option('--json', 'Print JSON')
    .action(async (file: string, options: VerifyOptions) => {
      if (options.rebuild !== true && (options.plan ?? options.artifacts) !== undefined) {
        throw usage('--plan and --artifacts are for --rebuild', '--plan');
      }
      const artifact = resolve(cwd, file);
      ui.begin(`Verifying artifact ${file}`);
      const { hash, keyName } = await verifyHart(artifact, openKeyCache(options, context), { signal });
      ui.status('Verified', `checksum ${hash} signed with ${keyName}`);
      const verified = { artifact: file, checksum: hash, signed_by: keyName };
      if (options.rebuild !== true) {
        if (ui.json) ui.document(verified);
        ui.end(`Verified artifact ${file}.`);
        return;
      }
      const { rebuild } = await import('../rebuild.ts');
      const { plan = '.', artifacts = [], cacheKeyPath } = options;
      const report = await rebuild(
        { artifact, plan, artifacts, ...(cacheKeyPath === undefined ? {} : { cacheKeyPath }) },
        context,
      );
      if (ui.json) {
        const { result, signedBy, differences } = report;
        ui.document({ ...verified, rebuild: { result, signed_by: signedBy, differences } });
      }
      conclude(file, report, context);
    });
}

function conclude(file: string, report: RebuildReport, { ui }: CommandContext): void {
  switch (report.result) {
    case 'identical':
      ui.end(`Built ${report.ident} again: the same bytes.`);
      return;
    case 'same-files':
      ui.end(
        `Built ${report.ident} again: the same members. The signatures are of different keys, so the files cannot be the same; the key of ${file} is not here.`,
      );
      return;
    case 'same-members':
      throw failed(
        `Built ${report.ident} again: all members are the same, and the bytes are not`,
        'Another program, or another compression level (HAB_HART_COMPRESSION_LEVEL), packed them.',
      );
    case 'different': {
      for (const { path, what, expected, actual } of report.differences.slice(0, MAX_LINES)) {
        ui.info(`  ${path}: ${what}`);
        if (expected !== undefined) ui.info(`    - ${expected}\n    + ${actual}`);
      }
      const rest = report.differences.length - MAX_LINES;
      if (rest > 0) ui.info(`  and ${rest} more; --json has all`);
      throw failed(
        `Built ${report.ident} again: ${report.differences.length} differences`,
        'Look at the first that is no list (FILES follows from the others): the plan, the sources or a dependency is not what it was.',
      );
    }
  }
}
