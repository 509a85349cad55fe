import { type ChildProcess, spawn } from 'node:child_process';
import { chmodSync, mkdtempSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const checkout: string = fileURLToPath(new URL('../..', import.meta.url));
export const habProgram: string = join(checkout, 'bin', 'hab');

export interface CommandResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CommandOptions {
  readonly env?: Readonly<Record<string, string>> | undefined;
  readonly input?: string | Uint8Array | undefined;
  readonly cwd?: string | undefined;
}

/** Runs a program to its end. */
export function run(file: string, args: readonly string[], options: CommandOptions = {}): Promise<CommandResult> {
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, { cwd: options.cwd, env: { ...cleanEnv(), ...options.env }, stdio: 'pipe' });
    const out: Buffer[] = [];
    const err: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => out.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => err.push(chunk));
    child.once('error', reject);
    child.once('close', (code) => {
      resolve({ code, stdout: Buffer.concat(out).toString(), stderr: Buffer.concat(err).toString() });
    });
    // A command that does not read its input closes it first.
    child.stdin.on('error', () => undefined);
    child.stdin.end(options.input ?? '');
  });
}

/** The environment without what would steer `hab`. */
function cleanEnv(): Record<string, string> {
  const keep = Object.entries(process.env).filter(([name]) => !name.startsWith('HAB_') && name !== 'NO_COLOR');
  return Object.fromEntries(keep.filter((entry): entry is [string, string] => entry[1] !== undefined));
}

/** A port that nobody uses now. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}

/** What runs a command as `nobody` when we are root; others are ordinary users already. */
const AS_NOBODY: readonly string[] =
  process.getuid?.() === 0 ? ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups', '--'] : ['env'];

/** A private root and everything that runs in it. */
export class Root implements AsyncDisposable {
  readonly directory: string;
  readonly env: Record<string, string>;
  readonly #supervisors: RunningSupervisor[] = [];
  readonly #prefix: readonly string[];

  /** @param user - `ordinary` runs every command of this root as a user without rights. */
  constructor(user: 'caller' | 'ordinary' = 'caller') {
    this.#prefix = user === 'ordinary' ? AS_NOBODY : ['env'];
    this.directory = mkdtempSync(join(tmpdir(), 'hab-e2e-'));
    // Services of other users live in it, as they do in the real /hab.
    chmodSync(this.directory, user === 'ordinary' ? 0o777 : 0o755);
    this.env = { HAB_ROOT: this.directory };
    // Whoever is not root keeps keys at home: each root here has a home of its own.
    if (user === 'ordinary' || process.geteuid?.() !== 0) {
      const home = mkdtempSync(join(tmpdir(), 'hab-home-'));
      chmodSync(home, 0o777);
      this.env['HOME'] = home;
    }
  }

  /** Path of a file below this root's `/hab`. */
  path(...parts: readonly string[]): string {
    return join(this.directory, ...parts);
  }

  hab(args: readonly string[], options: CommandOptions = {}): Promise<CommandResult> {
    const [file = '', ...words] = [...this.#prefix, habProgram, ...args];
    return run(file, words, { ...options, env: { ...this.env, ...options.env } });
  }

  /** Runs a command and fails with all its output when it does. */
  async ok(args: readonly string[], options: CommandOptions = {}): Promise<CommandResult> {
    const result = await this.hab(args, options);
    if (result.code === 0) return result;
    throw new Error(`hab ${args.join(' ')} -> ${result.code}\n${result.stdout}\n${result.stderr}`);
  }

  /** Starts a Supervisor on ports of its own and waits until it answers; commands of this root talk to it. */
  async supervisor(
    args: readonly string[] = [],
    env: Readonly<Record<string, string>> = {},
  ): Promise<RunningSupervisor> {
    const [http, ctl] = [await freePort(), await freePort()];
    const listen = [
      '--listen-http',
      `127.0.0.1:${http}`,
      '--listen-ctl',
      `127.0.0.1:${ctl}`,
      '--sys-ip-address',
      '127.0.0.1',
    ];
    const [file = '', ...words] = [...this.#prefix, habProgram, 'sup', 'run', ...listen, ...args];
    const child = spawn(file, words, {
      env: { ...cleanEnv(), ...this.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const supervisor = new RunningSupervisor(child, http, ctl);
    this.#supervisors.push(supervisor);
    await supervisor.line(/Starting http-gateway/);
    await supervisor.until(async () => (await supervisor.get('/butterfly')).status === 200, 'the HTTP gateway');
    return supervisor;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const supervisor of this.#supervisors) await supervisor.stop();
  }
}

export interface HttpAnswer {
  readonly status: number;
  readonly body: string;
}

/** A Supervisor and its Launcher, as their output and gateway show them. */
export class RunningSupervisor {
  readonly process: ChildProcess;
  readonly http: number;
  /** Address for `--remote-sup`. */
  readonly remote: string;
  readonly exit: Promise<number | null>;
  #output = '';
  #ended = false;
  readonly #waiting = new Set<() => void>();

  constructor(child: ChildProcess, http: number, ctl: number) {
    this.process = child;
    this.http = http;
    this.remote = `127.0.0.1:${ctl}`;
    const take = (chunk: string): void => {
      this.#output += chunk;
      for (const look of this.#waiting) look();
    };
    child.stdout?.setEncoding('utf8').on('data', take);
    child.stderr?.setEncoding('utf8').on('data', take);
    this.exit = new Promise((resolve) =>
      child.once('close', (code) => {
        this.#ended = true;
        for (const look of this.#waiting) look();
        resolve(code);
      }),
    );
  }

  get output(): string {
    return this.#output;
  }

  /** Waits for a line of the Supervisor, the Launcher or a service. */
  line(pattern: RegExp): Promise<RegExpExecArray> {
    return new Promise((resolve, reject) => {
      const look = (): void => {
        const match = pattern.exec(this.#output);
        if (match !== null) resolve(match);
        else if (this.#ended) reject(new Error(`it ended before ${pattern}:\n${this.#output}`));
        else return;
        this.#waiting.delete(look);
      };
      this.#waiting.add(look);
      look();
    });
  }

  async get(path: string): Promise<HttpAnswer> {
    try {
      const response = await fetch(`http://127.0.0.1:${this.http}${path}`);
      return { status: response.status, body: await response.text() };
    } catch {
      return { status: 0, body: '' };
    }
  }

  async json(path: string): Promise<Record<string, never>> {
    return JSON.parse((await this.get(path)).body);
  }

  /** Asks again until it is so; for states that nothing announces to an outsider. */
  async until(condition: () => Promise<boolean>, what: string, limitMs = 120_000): Promise<void> {
    const end = performance.now() + limitMs;
    while (!(await condition())) {
      if (this.#ended) throw new Error(`it ended before ${what}:\n${this.#output}`);
      if (performance.now() > end) throw new Error(`waited in vain for ${what}:\n${this.#output}`);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }

  async stop(): Promise<number | null> {
    if (!this.#ended) this.process.kill('SIGTERM');
    return await this.exit;
  }
}
