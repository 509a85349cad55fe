import { encodeBase64 } from '@hab/core';
import { readHeldLock } from '@hab/core/node';
import type { Command } from 'commander';

import { aliasesOf } from '../abbreviations.ts';
import { identArgument } from '../arguments.ts';
import type { CommandContext } from '../context.ts';
import { become, findSupervisorProgram, runSupervisor } from '../supervisor-process.ts';
import { openSession } from '../supervisor-session.ts';
import { status } from './svc.ts';

/** Random bytes of a control secret. See spec/formats 4. */
const SECRET_BYTES = 64;

export function register(sup: Command, context: CommandContext): void {
  const { ui, settings, env } = context;
  sup
    .command('run')
    .aliases([...aliasesOf('sup', 'run'), 'start'])
    .description('Run a Supervisor in the foreground, with a service if one is named')
    .helpOption(false)
    .allowUnknownOption()
    .allowExcessArguments()
    .argument('[words...]', 'PACKAGE and options; see hab sup run --help')
    .action((words: readonly string[], _: unknown, self: Command) => {
      if (words.includes('--help') || words.includes('-h')) {
        become(findSupervisorProgram('hab-sup', settings.HAB_SUP_BINARY), ['run', '--help'], env);
      }
      runSupervisor(self.args, context);
    });

  sup
    .command('term')
    .aliases(aliasesOf('sup', 'term'))
    .description('Stop the Supervisor of this machine and all its services')
    .action(() => term(context));

  sup
    .command('status')
    .aliases(aliasesOf('sup', 'status'))
    .description('Show loaded services, as hab svc status does')
    .argument('[package]', 'ORIGIN/NAME', identArgument)
    .option('-r, --remote-sup <address>', 'Supervisor to talk to, HOST[:PORT]')
    .option('--json', 'Print JSON')
    .action(async (ident: ReturnType<typeof identArgument> | undefined, options: { remoteSup?: string }) => {
      context.exit(await status(ident, options, context));
    });

  sup
    .command('restart')
    .description('Restart the Supervisor; services keep running')
    .option('-r, --remote-sup <address>', 'Supervisor to talk to, HOST[:PORT]')
    .action(async (options: { remoteSup?: string }) => {
      const session = await openSession(context, options.remoteSup);
      ui.begin(`Restarting supervisor ${session.address}`);
      await session.tell({ type: 'SupRestart' });
      ui.end('Restart recorded.');
    });

  const secret = sup
    .command('secret')
    .aliases(aliasesOf('sup', 'secret'))
    .description('Secrets of the control gateway');
  secret
    .command('generate')
    .description('Print a fresh control secret')
    .action(() => ui.data(`${encodeBase64(context.random.bytes(SECRET_BYTES))}\n`));
}

/** The lock file tells the Launcher's pid, and the lock itself whether that pid still means it. */
function term({ ui, layout }: CommandContext): void {
  const text = readHeldLock(layout.supervisor.lock);
  if (text === undefined) {
    ui.info('Supervisor not terminated: none is running.');
    return;
  }
  const pid = /^[0-9]{1,10}$/.test(text.trim()) ? Number(text) : 0;
  if (pid <= 1) {
    ui.info(`Supervisor not terminated: ${layout.supervisor.lock} holds no process id.`);
    return;
  }
  try {
    process.kill(pid, 'SIGTERM');
  } catch (error) {
    ui.info(`Supervisor not terminated: ${error instanceof Error ? error.message : String(error)}`);
  }
}
