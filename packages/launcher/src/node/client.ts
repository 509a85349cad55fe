import { Socket } from 'node:net';
import type { Duplex } from 'node:stream';

import { EnvelopeDecoder, encodeEnvelope } from '../codec.ts';
import { LauncherError } from '../errors.ts';
import type { LauncherMessage, LauncherMessages } from '../messages.ts';
import type { ProcessExit } from '../supervisor-exit.ts';

/** What the Launcher tells without being asked. */
export interface LauncherEvents {
  readonly onExited: (event: { readonly id: string; readonly pid: number; readonly exit: ProcessExit }) => void;
  /** Stop all services and leave. */
  readonly onShutdown: () => void;
  /** The Launcher is gone. */
  readonly onClosed: () => void;
}

interface Waiter {
  readonly resolve: (message: LauncherMessage) => void;
  readonly reject: (error: unknown) => void;
}

/** The Supervisor's end of the channel. Questions may overlap. */
export class LauncherClient implements Disposable {
  readonly #channel: Duplex;
  readonly #waiters = new Map<number, Waiter>();
  #lastTransaction = 0;
  #closed = false;

  constructor(channel: Duplex, events: LauncherEvents) {
    this.#channel = channel;
    const decoder = new EnvelopeDecoder();
    const close = (): void => {
      if (this.#closed) return;
      this.#closed = true;
      for (const waiter of this.#waiters.values()) waiter.reject(closed());
      this.#waiters.clear();
      events.onClosed();
    };
    channel.on('error', close);
    channel.on('close', close);
    channel.on('end', close);
    channel.on('data', (chunk: Buffer) => {
      try {
        for (const { message, transaction } of decoder.push(chunk)) this.#take(message, transaction, events);
      } catch (error) {
        channel.destroy(error instanceof Error ? error : undefined);
      }
    });
  }

  /** Connects to the Launcher that started this process, on the descriptor it left open. */
  static async connect(fd: number, events: LauncherEvents): Promise<LauncherClient> {
    const client = new LauncherClient(new Socket({ fd, readable: true, writable: true }), events);
    await client.#ask({ type: 'Register' });
    return client;
  }

  /** @returns the pid of the new process. */
  async spawn(request: LauncherMessages['Spawn']): Promise<number> {
    const answer = await this.#ask({ type: 'Spawn', ...request });
    return answer.type === 'SpawnOk' ? Number(answer.pid ?? 0n) : unexpected(answer);
  }

  /** @returns undefined when no process of this group runs. */
  async pidOf(serviceGroup: string): Promise<number | undefined> {
    const answer = await this.#ask({ type: 'PidOf', serviceName: serviceGroup });
    return answer.type === 'PidIs' ? answer.pid : unexpected(answer);
  }

  /** @returns the Launcher's version; 2^32 - 1 for a build from source. */
  async version(): Promise<number> {
    const answer = await this.#ask({ type: 'Version' });
    return answer.type === 'VersionNumber' ? (answer.version ?? 0) : unexpected(answer);
  }

  [Symbol.dispose](): void {
    this.#channel.destroy();
  }

  #ask(message: LauncherMessage): Promise<LauncherMessage> {
    if (this.#closed) return Promise.reject(closed());
    this.#lastTransaction += 1;
    const transaction = this.#lastTransaction;
    return new Promise((resolve, reject) => {
      this.#waiters.set(transaction, { resolve, reject });
      this.#channel.write(encodeEnvelope({ message, transaction }));
    });
  }

  #take(message: LauncherMessage, transaction: number | undefined, events: LauncherEvents): void {
    if (transaction !== undefined) {
      const waiter = this.#waiters.get(transaction);
      this.#waiters.delete(transaction);
      if (message.type === 'NetErr') waiter?.reject(refused(message));
      else waiter?.resolve(message);
    } else if (message.type === 'Exited') {
      const exit = { code: message.exitCode ?? null, signal: message.signal ?? null };
      events.onExited({ id: message.id ?? '', pid: Number(message.pid ?? 0n), exit });
    } else if (message.type === 'Shutdown') {
      events.onShutdown();
    }
  }
}

function unexpected(answer: LauncherMessage): never {
  throw new LauncherError('LAUNCHER_MESSAGE_INVALID', `The Launcher answered with ${answer.type}`, {
    details: { reason: answer.type },
  });
}

const closed = (): LauncherError => new LauncherError('LAUNCHER_CLOSED', 'The Launcher is gone', { details: {} });

const refused = ({ code = 0, msg = '' }: LauncherMessages['NetErr']): LauncherError =>
  new LauncherError('LAUNCHER_REFUSED', msg, { details: { netCode: code, netMessage: msg } });
