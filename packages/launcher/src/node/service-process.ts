import { spawn } from 'node:child_process';

import type { LauncherMessages } from '../messages.ts';
import type { ProcessExit } from '../supervisor-exit.ts';
import { type IdentityPowers, readStartTicks } from './proc.ts';
import type { ServiceOutputs } from './service-outputs.ts';

/** A running service, child of this process and leader of its group. */
export interface ServiceProcess {
  readonly id: string;
  readonly pid: number;
  readonly startTicks: number;
  readonly exit: Promise<ProcessExit>;
}

/**
 * Starts a service: own session and process group, no standard input. Nothing is awaited before the fork.
 *
 * @throws The system error when the program cannot be started.
 * @see spec/supervisor 7.5
 */
export async function startService(
  request: LauncherMessages['Spawn'],
  inherited: Readonly<Record<string, string | undefined>>,
  powers: IdentityPowers,
  outputs: ServiceOutputs,
): Promise<ServiceProcess> {
  const { id = '', env = {} } = request;
  const [file, ...args] = command(request, powers);
  // Node's child starts with default dispositions and an empty signal mask, as a service wants it.
  const child = spawn(file, args, {
    detached: true,
    stdio: ['ignore', ...outputs.descriptors],
    env: { ...inherited, ...env },
  });
  const exit = new Promise<ProcessExit>((resolve) => {
    child.once('exit', (code, signal) => {
      resolve({ code, signal });
      outputs.flush();
    });
  });
  const { pid } = child;
  if (pid === undefined) throw await new Promise((resolve) => child.once('error', resolve));
  child.on('error', () => undefined);
  return { id, pid, startTicks: readStartTicks(pid) ?? 0, exit };
}

/** `setpriv` keeps the supplementary groups of the user, which Node's own uid option drops. */
function command(request: LauncherMessages['Spawn'], powers: IdentityPowers): [string, ...string[]] {
  const { binary = '', svcUserId, svcGroupId } = request;
  const same = svcUserId === process.geteuid?.() && svcGroupId === process.getegid?.();
  if (!powers.switchUser || svcUserId === undefined || svcGroupId === undefined || same) return [binary];
  return ['setpriv', `--reuid=${svcUserId}`, `--regid=${svcGroupId}`, '--init-groups', '--', binary];
}
