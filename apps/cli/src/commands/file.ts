import { readFile } from 'node:fs/promises';
import { basename, resolve } from 'node:path';

import { formatServiceGroup, type ServiceGroup } from '@hab/ident';
import type { Command } from 'commander';
import { aliasesOf } from '../abbreviations.ts';
import { numberArgument, serviceGroupArgument, U64 } from '../arguments.ts';
import type { CommandContext } from '../context.ts';
import { failed } from '../errors.ts';
import { toWireGroup } from '../load-options.ts';
import { openSession } from '../supervisor-session.ts';

/** Largest file that a ring carries. */
const MAX_FILE_BYTES = 65_536;

export function register(file: Command, context: CommandContext): void {
  const { ui, cwd } = context;
  file
    .command('upload')
    .aliases(aliasesOf('file', 'upload'))
    .description('Send a file to every member of a service group')
    .argument('<service-group>', 'SERVICE.GROUP[@ORGANIZATION]', serviceGroupArgument)
    .argument('<version>', 'A number above that of the last upload of this file', numberArgument(U64))
    .argument('<file>', 'File to send, at most 64 KiB')
    .option('-r, --remote-sup <address>', 'Supervisor to talk to, HOST[:PORT]')
    .action(async (group: ServiceGroup, version: bigint, path: string, options: { remoteSup?: string }) => {
      const content = await readFile(resolve(cwd, path));
      if (content.length > MAX_FILE_BYTES) {
        throw failed(`File too large. Maximum size allowed is ${MAX_FILE_BYTES} bytes.`);
      }
      const session = await openSession(context, options.remoteSup);
      ui.begin(`Uploading file ${path} to ${formatServiceGroup(group)} incarnation ${version}`);
      ui.status('Creating', 'service file');
      ui.status('Applying', `via peer ${session.address}`);
      const serviceGroup = toWireGroup(group);
      await session.tell({ type: 'SvcFilePut', serviceGroup, content, filename: basename(path), version });
      ui.end('Uploaded file');
    });
}
