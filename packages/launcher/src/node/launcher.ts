import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import type { Duplex } from 'node:stream';

import type { Clock, LauncherLayout } from '@hab/core';
import { type FileLock, tryLockFile } from '@hab/core/node';

import { EnvelopeDecoder, encodeEnvelope } from '../codec.ts';
import { LauncherError } from '../errors.ts';
import { LAUNCHER_NET_ERRORS, type LauncherEnvelope, type LauncherMessage, SHUTDOWN_METHODS } from '../messages.ts';
import { formatOutputLine } from '../output-line.ts';
import { findLeftovers, formatProcessTable, parseProcessTable } from '../process-table.ts';
import { type ProcessExit, reactToSupervisorExit } from '../supervisor-exit.ts';
import { type IdentityPowers, readBootId, readStartTicks } from './proc.ts';
import { type ServiceOutput, ServiceOutputs } from './service-outputs.ts';
import { type ServiceProcess, startService } from './service-process.ts';
import { clearProcess, signalGroup } from './signal-group.ts';

export interface LauncherOptions {
  /** Program and arguments of the Supervisor; its descriptor 3 is the channel to this process. */
  readonly supervisor: readonly [string, ...string[]];
  readonly layout: LauncherLayout;
  /** Environment of the Supervisor and, without `HAB_LAUNCHER_*`, of the services. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** @defaultValue 5000, `HAB_LAUNCH_SUP_CONNECT_TIMEOUT_SECS` */
  readonly connectTimeoutMs?: number;
  /** Time between TERM and KILL when the Launcher itself ends a service. @defaultValue 8000 */
  readonly stopTimeoutMs?: number;
}

export interface LauncherCollaborators {
  readonly clock: Clock;
  readonly output: ServiceOutput;
  readonly powers: IdentityPowers;
}

/** The version that a build from source reports, as the originals do. See spec/supervisor 10.2. */
const DEVELOPMENT_VERSION = 0xffffffff;

/** Services that stopped whose outputs are kept. */
const MAX_IDLE_OUTPUTS = 8;
const OUTPUT_GRACE_MS = 500;

/** Parent of the Supervisor and of every service. See spec/supervisor 10. */
export class Launcher {
  readonly #options: LauncherOptions;
  readonly #clock: Clock;
  readonly #output: ServiceOutput;
  readonly #powers: IdentityPowers;
  readonly #services = new Map<string, ServiceProcess>();
  /** Of running services, and of the last to stop; by service group. */
  readonly #outputs = new Map<string, ServiceOutputs>();
  readonly #serviceEnv: Readonly<Record<string, string | undefined>>;
  readonly #bootId = readBootId();
  #supervisor: ChildProcess | undefined;
  #channel: Duplex | undefined;
  #registered = false;
  #everRegistered = false;
  #stopping = false;

  constructor(options: LauncherOptions, { clock, output, powers }: LauncherCollaborators) {
    this.#options = options;
    this.#clock = clock;
    this.#output = output;
    this.#powers = powers;
    const ours = ([name]: [string, unknown]): boolean => !name.startsWith('HAB_LAUNCHER_');
    this.#serviceEnv = Object.fromEntries(Object.entries(options.env).filter(ours));
  }

  /**
   * Runs until the Supervisor is done or a signal ends it all.
   *
   * @returns the exit status.
   * @throws {@link LauncherError} `LAUNCHER_RUNNING`
   */
  async run(): Promise<number> {
    const { layout } = this.#options;
    mkdirSync(layout.directory, { recursive: true });
    using _lock = this.#lock(`${layout.directory}/LOCK`);
    await this.#clearLeftovers();
    writeFileSync(layout.pid, String(process.pid));
    try {
      return await this.#superviseSupervisor();
    } finally {
      await this.#stopServices();
      await this.#closeOutputs();
      rmSync(layout.processes, { force: true });
      rmSync(layout.pid, { force: true });
    }
  }

  /** TERM and INT stop everything, at the second time without asking the Supervisor; HUP is the Supervisor's. */
  signal(name: 'SIGTERM' | 'SIGINT' | 'SIGHUP'): void {
    if (name === 'SIGHUP') return void this.#supervisor?.kill('SIGHUP');
    if (this.#stopping || !this.#registered) this.#supervisor?.kill('SIGKILL');
    this.#stopping = true;
    this.#send({ message: { type: 'Shutdown' } });
  }

  #lock(path: string): FileLock {
    const lock = tryLockFile(path);
    if (lock !== undefined) return lock;
    throw new LauncherError('LAUNCHER_RUNNING', `Unable to lock ${path}. Is another Supervisor process running?`, {
      details: { path },
      hint: 'Stop the running one with `hab sup term`, or use another --root.',
    });
  }

  /** Whatever a killed Launcher left running is ended before anything is started. */
  async #clearLeftovers(): Promise<void> {
    let text: string;
    try {
      text = readFileSync(this.#options.layout.processes, 'utf8');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
      throw error;
    }
    const table = parseProcessTable(text);
    if (table === undefined) return this.#say('The list of earlier processes is damaged; nothing was cleared');
    const leftovers = findLeftovers(table, this.#bootId, readStartTicks);
    await Promise.all(
      leftovers.map(async (record) => {
        this.#say(`Clearing ${record.id} (PID: ${record.pid}), left by a Launcher that died`);
        await clearProcess(record, { clock: this.#clock, timeoutMs: this.#stopTimeoutMs });
      }),
    );
  }

  async #superviseSupervisor(): Promise<number> {
    for (;;) {
      const startedMs = this.#clock.monotonic();
      const exit = await this.#runSupervisor();
      if (this.#stopping) {
        this.#say('Hasta la vista, services.');
        return exit.code === null || exit.code === 0 ? 0 : exit.code === 84 ? 0 : exit.code;
      }
      if (exit.signal !== null) this.#say(`Supervisor was ended by ${exit.signal}`);
      const reaction = reactToSupervisorExit(exit, this.#clock.monotonic() - startedMs, this.#everRegistered);
      if (reaction.type === 'stop') return reaction.exitCode;
      await this.#clock.sleep(reaction.afterMs);
    }
  }

  async #runSupervisor(): Promise<ProcessExit> {
    const [file, ...args] = this.#options.supervisor;
    this.#registered = false;
    const child = spawn(file, args, {
      stdio: ['ignore', 'inherit', 'inherit', 'pipe'],
      env: { ...this.#options.env, HAB_LAUNCHER_PIPE: 'fd:3', HAB_LAUNCHER_PID: String(process.pid) },
    });
    this.#supervisor = child;
    const exit = new Promise<ProcessExit>((resolve) => {
      child.once('exit', (code, signal) => resolve({ code, signal }));
      child.once('error', (error) => {
        this.#say(`Cannot start the Supervisor: ${error.message}`);
        resolve({ code: 1, signal: null });
      });
    });
    // Descriptor 3 is a pair of connected sockets: no file, nobody else can reach it, and its end tells of a death.
    const channel = child.stdio[3] as Duplex;
    this.#channel = channel;
    this.#listen(channel);
    const watch = new AbortController();
    void this.#watchRegistration(child, watch.signal);
    const result = await exit;
    watch.abort();
    this.#channel = undefined;
    channel.destroy();
    return result;
  }

  async #watchRegistration(child: ChildProcess, signal: AbortSignal): Promise<void> {
    try {
      await this.#clock.sleep(this.#options.connectTimeoutMs ?? 5000, { signal });
    } catch {
      // Aborted: the Supervisor ended before the time was over.
      return;
    }
    if (this.#registered) return;
    this.#say('Failed to setup launcher IPC connection with supervisor');
    this.#say('Timeout exceeded waiting for IPC connection from supervisor');
    child.kill('SIGKILL');
  }

  #listen(channel: Duplex): void {
    const decoder = new EnvelopeDecoder();
    channel.on('error', () => undefined);
    channel.on('data', (chunk: Buffer) => {
      let envelopes: LauncherEnvelope[];
      try {
        envelopes = decoder.push(chunk);
      } catch (error) {
        this.#say(`Supervisor dropped: ${error instanceof Error ? error.message : String(error)}`);
        this.#supervisor?.kill('SIGKILL');
        return;
      }
      for (const envelope of envelopes) void this.#answer(channel, envelope);
    });
  }

  async #answer(channel: Duplex, { message, transaction }: LauncherEnvelope): Promise<void> {
    const answer = await this.#handle(message).catch(
      (error: unknown): LauncherMessage => ({
        type: 'NetErr',
        code: LAUNCHER_NET_ERRORS.execWait,
        msg: error instanceof Error ? error.message : String(error),
      }),
    );
    if (channel.writable) channel.write(encodeEnvelope({ message: answer, transaction }));
  }

  async #handle(message: LauncherMessage): Promise<LauncherMessage> {
    switch (message.type) {
      case 'Register':
        this.#registered = true;
        this.#everRegistered = true;
        if (this.#stopping) this.#send({ message: { type: 'Shutdown' } });
        return { type: 'NetOk' };
      case 'Spawn': {
        const { id = '' } = message;
        const outputs = this.#outputs.get(id) ?? (await ServiceOutputs.open(id, this.#output));
        const running = this.#services.get(id);
        if (running !== undefined) {
          if (this.#outputs.get(id) !== outputs) void outputs.release();
          throw new Error(`${running.id} is running already (PID: ${running.pid})`);
        }
        this.#keep(id, outputs);
        const service = await startService(message, this.#serviceEnv, this.#powers, outputs);
        this.#adopt(service);
        return { type: 'SpawnOk', pid: BigInt(service.pid) };
      }
      case 'PidOf':
        return { type: 'PidIs', pid: this.#services.get(message.serviceName ?? '')?.pid };
      case 'Terminate':
        return this.#terminate(Number(message.pid ?? 0n));
      case 'Version':
        return { type: 'VersionNumber', version: DEVELOPMENT_VERSION };
      default:
        return { type: 'NetErr', code: LAUNCHER_NET_ERRORS.unknownMessage, msg: message.type };
    }
  }

  #adopt(service: ServiceProcess): void {
    this.#services.set(service.id, service);
    this.#record();
    void service.exit.then(({ code, signal }) => {
      this.#services.delete(service.id);
      this.#send({
        message: {
          type: 'Exited',
          id: service.id,
          pid: BigInt(service.pid),
          ...(code === null ? {} : { exitCode: code }),
          ...(signal === null ? {} : { signal }),
        },
      });
      const how = signal === null ? `exited with code ${code}` : `was ended by ${signal}`;
      this.#say(`Child for service '${service.id}' with PID ${service.pid} ${how}`);
    });
  }

  /** What services wrote last is written too; a process that outlived its service is not waited for. */
  async #closeOutputs(): Promise<void> {
    const all = [...this.#outputs.values()];
    const released = Promise.all(all.map((outputs) => outputs.release()));
    await this.#within(OUTPUT_GRACE_MS, released);
    for (const outputs of all) outputs[Symbol.dispose]();
  }

  /** Outputs of services that stopped are kept for their next process, as long as they are few. */
  #keep(id: string, outputs: ServiceOutputs): void {
    this.#outputs.delete(id);
    this.#outputs.set(id, outputs);
    const idle = [...this.#outputs.keys()].filter((other) => other !== id && !this.#services.has(other));
    for (const other of idle.slice(0, -MAX_IDLE_OUTPUTS)) {
      void this.#outputs.get(other)?.release();
      this.#outputs.delete(other);
    }
  }

  async #terminate(pid: number): Promise<LauncherMessage> {
    const service = [...this.#services.values()].find((candidate) => candidate.pid === pid);
    if (service === undefined) {
      return { type: 'TerminateOk', exitCode: 0, shutdownMethod: SHUTDOWN_METHODS.alreadyExited };
    }
    const killed = await this.#end(service);
    const { code } = await service.exit;
    const { gracefulTermination, killed: forced } = SHUTDOWN_METHODS;
    return { type: 'TerminateOk', exitCode: code ?? -1, shutdownMethod: killed ? forced : gracefulTermination };
  }

  /** @returns true when it had to be killed. */
  async #end(service: ServiceProcess): Promise<boolean> {
    signalGroup(service.pid, 'SIGTERM');
    if (await this.#within(this.#stopTimeoutMs, service.exit)) return false;
    signalGroup(service.pid, 'SIGKILL');
    await service.exit;
    return true;
  }

  /** @returns whether it was over in time. */
  async #within(ms: number, work: Promise<unknown>): Promise<boolean> {
    const patience = new AbortController();
    const late = this.#clock.sleep(ms, { signal: patience.signal }).then(
      () => false,
      () => true,
    );
    const inTime = await Promise.race([work.then(() => true), late]);
    patience.abort();
    return inTime;
  }

  async #stopServices(): Promise<void> {
    await Promise.all(
      [...this.#services.values()].map(async (service) => {
        this.#output.stdout.write(formatOutputLine(service.id, 'SV', 'Stopping...', this.#output.style));
        const killed = await this.#end(service);
        this.#say(`Shutdown OK: ${killed ? 'Killed' : 'GracefulTermination'}`);
      }),
    );
  }

  /**
   * Written before the answer to a spawn leaves, so that a next Launcher knows of every process. An exit writes nothing:
   * its record describes no process any more, and replacing a file takes longer than the service's next start.
   */
  #record(): void {
    const { processes } = this.#options.layout;
    const records = [...this.#services.values()].map(({ id, pid, startTicks }) => ({ id, pid, startTicks }));
    // A process's death must not lose it; a machine's death ends the processes too, so nothing is synced.
    writeFileSync(`${processes}.tmp`, formatProcessTable({ bootId: this.#bootId, processes: records }));
    renameSync(`${processes}.tmp`, processes);
  }

  #send(envelope: LauncherEnvelope): void {
    if (this.#registered && this.#channel?.writable) this.#channel.write(encodeEnvelope(envelope));
  }

  #say(text: string): void {
    this.#output.stdout.write(formatOutputLine('hab-launch', 'SV', text, this.#output.style));
  }

  get #stopTimeoutMs(): number {
    return this.#options.stopTimeoutMs ?? 8000;
  }
}
