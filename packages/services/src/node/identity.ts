import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { promisify } from 'node:util';

import { ServiceError } from '../errors.ts';

/** As whom a service runs. */
export interface ServiceIdentity {
  readonly user: string;
  readonly group: string;
  readonly uid: number;
  readonly gid: number;
  /** True when files are given to, and processes started as, this user: otherwise both stay with us. */
  readonly switches: boolean;
}

/** Names of users and groups on this machine. */
export interface Accounts {
  uidOf(user: string): Promise<number | undefined>;
  gidOf(group: string): Promise<number | undefined>;
}

const run = promisify(execFile);

/** Accounts of this machine: the local files first, then whatever the machine's name service knows. */
export const systemAccounts: Accounts = {
  uidOf: (user) => idOf('passwd', user),
  gidOf: (group) => idOf('group', group),
};

async function idOf(database: 'passwd' | 'group', name: string): Promise<number | undefined> {
  if (!/^[A-Za-z0-9_][A-Za-z0-9_.@$-]{0,255}$/.test(name)) return undefined;
  const local = findId(await readFile(`/etc/${database}`, 'utf8').catch(() => ''), name);
  if (local !== undefined) return local;
  const answer = await run('getent', [database, name]).catch(() => ({ stdout: '' }));
  return findId(answer.stdout, name);
}

function findId(text: string, name: string): number | undefined {
  for (const line of text.split('\n')) {
    const [entry, , id] = line.split(':');
    if (entry === name && id !== undefined) return Number(id);
  }
  return undefined;
}

/**
 * Decides as whom a service runs: its package's user and group when it names both, else `hab` when the machine has
 * that user and group, else ourselves. See spec/supervisor 7.5.
 *
 * @param wanted - From the package's metafiles.
 * @param switchUser - Whether this process may switch; otherwise everything stays with the current user.
 * @throws {@link ServiceError} `SERVICE_USER_UNKNOWN` when the package names somebody this machine does not have.
 */
export async function resolveIdentity(
  wanted: { readonly user?: string | undefined; readonly group?: string | undefined },
  switchUser: boolean,
  accounts: Accounts = systemAccounts,
): Promise<ServiceIdentity> {
  const names = await chooseNames(wanted, accounts);
  const uid = process.geteuid?.() ?? 0;
  const gid = process.getegid?.() ?? 0;
  if (names === undefined) return { ...(await ownNames(uid, gid)), uid, gid, switches: false };
  if (!switchUser) return { ...names, uid, gid, switches: false };
  return {
    ...names,
    uid: (await accounts.uidOf(names.user)) ?? unknown('user', 'UID', names.user),
    gid: (await accounts.gidOf(names.group)) ?? unknown('group', 'GID', names.group),
    switches: true,
  };
}

async function chooseNames(
  { user, group }: { readonly user?: string | undefined; readonly group?: string | undefined },
  accounts: Accounts,
): Promise<{ readonly user: string; readonly group: string } | undefined> {
  if (user !== undefined && group !== undefined) return { user, group };
  const known = (await accounts.uidOf('hab')) !== undefined && (await accounts.gidOf('hab')) !== undefined;
  return known ? { user: 'hab', group: 'hab' } : undefined;
}

async function ownNames(uid: number, gid: number): Promise<{ readonly user: string; readonly group: string }> {
  const groups = await readFile('/etc/group', 'utf8').catch(() => '');
  const group = groups.split('\n').find((line) => line.split(':')[2] === String(gid));
  return { user: ownUserName(uid), group: group?.split(':')[0] ?? String(gid) };
}

function ownUserName(uid: number): string {
  try {
    return userInfo().username;
  } catch {
    // A uid without an account, as in many containers.
    return String(uid);
  }
}

function unknown(kind: string, id: string, name: string): never {
  throw new ServiceError('SERVICE_USER_UNKNOWN', `No ${id} for ${kind} '${name}' could be found`, {
    details: { name },
    hint: `Create the ${kind} on this machine, or name another one in the plan.`,
  });
}
