import { readFile } from 'node:fs/promises';

import { isHabError } from '@hab/core';
import type { CtlMessage } from '@hab/ctl';
import { requestCtl } from '@hab/ctl/node';
import { formatIdent } from '@hab/ident';

import { readCliConfig } from './cli-config.ts';
import type { CommandContext } from './context.ts';
import { failed, usage } from './errors.ts';

export interface RemoteAddress {
  readonly host: string;
  readonly port: number;
}

const DEFAULT_ADDRESS: RemoteAddress = { host: '127.0.0.1', port: 9632 };

/** Reads `HOST[:PORT]`; an IPv6 address with a port stands in brackets. */
export function parseRemoteAddress(text: string): RemoteAddress {
  const match = /^(?:\[([0-9A-Fa-f:.]+)\]|([^:[\]]+))(?::([0-9]{1,5}))?$/.exec(text);
  const [, ipv6, name, portText] = match ?? [];
  const host = ipv6 ?? name;
  const port = portText === undefined ? DEFAULT_ADDRESS.port : Number(portText);
  if (host === undefined || port < 1 || port > 65_535) {
    throw usage(`Failed to resolve ctl address "${text}". Write it as HOST or HOST:PORT.`, text);
  }
  return { host, port };
}

/** One Supervisor, reached with its secret. */
export interface SupervisorSession {
  readonly address: string;
  /** Yields every part of the answer. */
  ask(request: CtlMessage): AsyncGenerator<CtlMessage>;
  /** Prints the lines that the Supervisor sends on the way. */
  tell(request: CtlMessage): Promise<void>;
}

/** `--remote-sup`, else `listen_ctl` of cli.toml, else this machine. See spec/cli 4. */
export async function openSession(context: CommandContext, remote: string | undefined): Promise<SupervisorSession> {
  const { settings, layout, signal, ui } = context;
  const config = await readCliConfig(layout.cliConfig);
  const given = remote ?? config.listenCtl;
  const { host, port } = given === undefined ? DEFAULT_ADDRESS : parseRemoteAddress(given);
  const secret = settings.HAB_CTL_SECRET ?? config.ctlSecret ?? (await readSecret(layout.supervisor.ctlSecret));
  const ask = (request: CtlMessage): AsyncGenerator<CtlMessage> =>
    requestCtl({ host, port, secret: secret ?? '', signal }, request);
  return {
    address: `${host}:${port}`,
    ask,
    async tell(request: CtlMessage): Promise<void> {
      for await (const part of ask(request)) {
        if (part.type === 'ConsoleLine') ui.note(part.line ?? '');
      }
    },
  };
}

async function readSecret(path: string): Promise<string | undefined> {
  try {
    return (await readFile(path, 'utf8')).trim();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    // Without a secret the talk still tells apart "nobody there" and "not allowed".
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw failed(
      `Cannot read the control secret in ${path}`,
      'Set HAB_CTL_SECRET, or run as the Supervisor does.',
      error,
    );
  }
}

/** Nobody answers at the address, as opposed to an answer nobody likes. */
export const isUnreachable = (error: unknown): boolean => isHabError(error, 'CTL_UNREACHABLE');

/** Full identifiers of what the Supervisor of this machine has loaded; none when it does not answer. */
export async function loadedIdents(context: CommandContext): Promise<ReadonlySet<string>> {
  const idents = new Set<string>();
  try {
    for await (const part of (await openSession(context, undefined)).ask({ type: 'SvcStatus' })) {
      if (part.type === 'ServiceStatus') idents.add(formatIdent({ origin: '', name: '', ...part.ident }));
    }
  } catch (error) {
    if (!isUnreachable(error)) throw error;
  }
  return idents;
}
