import { spawnSync } from 'node:child_process';
import {
  appendFileSync,
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';

import { checkout, Root, type RunningSupervisor } from './harness.ts';

interface PackageFiles {
  readonly version?: string;
  readonly release?: string;
  readonly user?: string;
  readonly group?: string;
  readonly hooks?: Readonly<Record<string, string>>;
  readonly files?: Readonly<Record<string, string>>;
}
type Seen = Readonly<Record<string, unknown>>;
interface Scenario {
  readonly name: string;
  readonly packages: Readonly<Record<string, PackageFiles>>;
  readonly steps: readonly (readonly [string, ...never[]])[];
  readonly env?: Readonly<Record<string, string>>;
  readonly sup?: readonly string[];
  readonly expected: {
    readonly seen: readonly Seen[];
    readonly trace: Readonly<Record<string, readonly string[] | null>>;
  };
}
const file = join(checkout, 'vectors/scenarios/scenarios.json');
const { scenarios } = JSON.parse(readFileSync(file, 'utf8')) as { scenarios: Scenario[] };
/** What only root can see: services under another user. */
const runnable = scenarios.filter(({ name }) => process.getuid?.() === 0 || name !== 'unprivileged-user');

function install(
  root: Root,
  name: string,
  { version = '1.0', release = '20260101000000', ...files }: PackageFiles,
): void {
  const base = root.path('pkgs/acme', name, version, release);
  rmSync(base, { recursive: true, force: true });
  const write = (path: string, text: string, mode = 0o644): void => {
    mkdirSync(dirname(join(base, path)), { recursive: true });
    writeFileSync(join(base, path), text);
    chmodSync(join(base, path), mode);
  };
  write('IDENT', `acme/${name}/${version}/${release}\n`);
  write('TARGET', 'x86_64-linux\n');
  write('SVC_USER', `${files.user ?? 'root'}\n`);
  write('SVC_GROUP', `${files.group ?? 'root'}\n`);
  for (const [hook, text] of Object.entries(files.hooks ?? {})) {
    write(`hooks/${hook}`, text.replaceAll('@trace@', `/hab/svc/${name}/var/trace`), 0o755);
  }
  for (const [path, text] of Object.entries(files.files ?? {})) write(path, text);
}

class Player {
  readonly seen: Seen[] = [];
  readonly #root: Root;
  readonly #supervisor: RunningSupervisor;
  readonly #scenario: Scenario;
  readonly #pids = new Map<string, string | undefined>();

  constructor(root: Root, supervisor: RunningSupervisor, scenario: Scenario) {
    this.#root = root;
    this.#supervisor = supervisor;
    this.#scenario = scenario;
  }

  trace(name: string): string[] {
    const path = this.#root.path('svc', name, 'var/trace');
    return existsSync(path)
      ? readFileSync(path, 'utf8')
          .split('\n')
          .filter((line) => line !== '')
      : [];
  }

  async play(): Promise<void> {
    for (const [step, ...args] of this.#scenario.steps) await this.#step(step, args as unknown[]);
  }

  async #step(step: string, args: readonly unknown[]): Promise<void> {
    const [first, second, third, fourth] = args as [string, never, never, number];
    const path = this.#root.path(String(first));
    switch (step) {
      case 'hab': {
        const words = first as unknown as string[];
        const remote = ['svc', 'config', 'file'].includes(words[0] ?? '') ? ['-r', this.#supervisor.remote] : [];
        const { code } = await this.#root.hab([...words, ...remote], {
          input: second as string | undefined,
          env: this.#scenario.env,
        });
        this.seen.push({ hab: words, exit: code });
        break;
      }
      case 'wait': {
        const count = (): number => this.trace(first).filter((line) => new RegExp(second).test(line)).length;
        const limitMs = fourth * 1000;
        await this.#supervisor
          .until(async () => count() >= Number(third), `${second} of ${first}`, limitMs)
          .catch(() => undefined);
        this.seen.push({ wait: second, n: third, seen: count() >= Number(third) });
        break;
      }
      case 'settle':
        // What must not happen has no event: the scenario says how long to watch.
        await new Promise((resolve) => setTimeout(resolve, Number(first) * 1000));
        break;
      case 'mark':
        for (const name of Object.keys(this.#scenario.packages)) {
          if (existsSync(this.#root.path('svc', name, 'var')))
            appendFileSync(this.#root.path('svc', name, 'var/trace'), `-- ${first}\n`);
        }
        break;
      case 'write':
        mkdirSync(dirname(path), { recursive: true });
        writeFileSync(path, second);
        break;
      case 'install':
        install(this.#root, first, second);
        break;
      case 'read':
        this.seen.push({ read: first, text: existsSync(path) ? readFileSync(path, 'utf8') : null });
        break;
      case 'stat':
        this.seen.push({ stat: first, mode: existsSync(path) ? (statSync(path).mode & 0o7777).toString(8) : null });
        break;
      case 'list':
        this.seen.push({ list: first, names: existsSync(path) ? readdirSync(path).sort() : null });
        break;
      case 'get':
        await this.#get(first, second);
        break;
      case 'kill':
        this.#kill(first, second);
        break;
      case 'same-pid': {
        const file = this.#root.path('svc', first, 'PID');
        const pid = existsSync(file) ? readFileSync(file, 'utf8').trim() : undefined;
        const before = this.#pids.get(first);
        this.seen.push({ 'same-pid': first, same: before === undefined ? null : before === pid });
        this.#pids.set(first, pid);
        break;
      }
      default:
        throw new Error(`no step ${step}`);
    }
  }

  async #get(path: string, keys: readonly string[] | undefined): Promise<void> {
    const { status, body } = await this.#supervisor.get(path);
    if (keys === undefined) {
      this.seen.push({ get: path, status });
      return;
    }
    let value: unknown = null;
    if (status !== 404) value = keys.reduce((at: never, key) => at?.[key], JSON.parse(body) as never) ?? null;
    this.seen.push({ get: path, status, key: keys, value });
  }

  #kill(signal: string, whom: string): void {
    const pid =
      whom === 'sup'
        ? Number(spawnSync('pgrep', ['-P', String(this.#supervisor.process.pid), '-f', 'hab-sup']).stdout)
        : Number(readFileSync(this.#root.path('svc', whom, 'PID'), 'utf8'));
    process.kill(pid, `SIG${signal}`);
  }
}

/** Segments between marks; in each, hooks in any order and health checks once, for how often they ran is no matter. */
function segments(lines: readonly string[]): string[][] {
  const all: string[][] = [[]];
  for (const line of lines) line.startsWith('-- ') ? all.push([line]) : all.at(-1)?.push(line);
  return all.map((segment) => {
    const checks = new Set(segment.filter((line) => line.startsWith('health-check')));
    return [...segment.filter((line) => !line.startsWith('health-check')), ...checks].sort();
  });
}

/** Pairs of hooks of which the first comes first. */
const ORDER = [
  ['init', 'run'],
  ['signal', 'post-stop'],
  ['reconfigure', 'signal'],
] as const;

test.concurrent.for(runnable)('$name', async (scenario) => {
  await using root = new Root();
  for (const [name, files] of Object.entries(scenario.packages)) install(root, name, files);
  const supervisor = await root.supervisor(scenario.sup, scenario.env);
  const player = new Player(root, supervisor, scenario);
  await player.play();
  await supervisor.stop();
  for (const [index, wanted] of scenario.expected.seen.entries()) {
    const checked = Object.fromEntries(Object.entries(wanted).filter(([, value]) => value !== '*'));
    expect(player.seen[index], `step ${index}\n${supervisor.output}`).toMatchObject(checked);
  }
  for (const [name, wanted] of Object.entries(scenario.expected.trace)) {
    if (wanted === null) continue;
    const traced = player.trace(name);
    expect(segments(traced), supervisor.output).toEqual(segments(wanted));
    const words = traced.map((line) => line.split(' ')[0]);
    for (const [before, after] of ORDER) {
      if (words.includes(before) && words.includes(after))
        expect(words.indexOf(before)).toBeLessThan(words.lastIndexOf(after));
    }
  }
});
