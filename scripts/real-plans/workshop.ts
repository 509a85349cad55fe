import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { chmodSync, cpSync, createWriteStream, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';

import { debianPackages } from '../debian.ts';
import { DEVELOPMENT_PACKAGES, type RealPlan } from './plans.ts';
import { preparePlan } from './prepare.ts';

const hab = join(import.meta.dirname, '../../bin/hab');
/** Plans of others run as a user without rights: a `make install` that ignores its prefix fails instead of doing harm. */
const AS_NOBODY: readonly string[] =
  process.getuid?.() === 0 ? ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups', '--'] : ['env'];
const LAST_LINES = 400;

/** How the build of one plan ended. */
export interface RealBuild {
  readonly folder: string;
  /** Name of the artifact, if it was built. */
  readonly artifact?: string;
  /** Why it was not. */
  readonly reason?: string;
  readonly seconds: number;
  readonly log: string;
  /** Everything in which plan and sources are not as published. */
  readonly adapted: readonly string[];
}

/** A private root with wrappers of this machine, and builds in it. */
export class Workshop implements Disposable {
  readonly directory: string = mkdtempSync(join(tmpdir(), 'hab-real-'));
  readonly #root: string = join(this.directory, 'root');
  readonly #home: string = join(this.directory, 'home');

  constructor() {
    for (const folder of [this.directory, this.#root, this.#home]) {
      mkdirSync(folder, { recursive: true });
      chmodSync(folder, 0o777);
    }
  }

  /**
   * @param names - Those that this machine alone must have; without any, all that it and Debian's packages have.
   * @returns seconds that the wrappers took.
   * @throws with all output when one fails.
   */
  wrapHost(names: readonly string[] = []): number {
    const hostRoot = names.length > 0 ? [] : ['--host-root', debianPackages(DEVELOPMENT_PACKAGES).root];
    const started = performance.now();
    const result = this.hab(['pkg', 'wrap-host', ...names, ...hostRoot]);
    if (result.status !== 0) throw new Error(`wrap-host: ${result.stdout}${result.stderr}`);
    return (performance.now() - started) / 1000;
  }

  /** Runs a command in the root. */
  hab(words: readonly string[]): { readonly status: number | null; readonly stdout: string; readonly stderr: string } {
    const [file = '', ...args] = [...AS_NOBODY, hab, ...words];
    return spawnSync(file, args, { encoding: 'utf8', env: this.#env(), cwd: this.#root });
  }

  /** Builds a plan; a failure is a result. */
  async build(plan: RealPlan, plans: string): Promise<RealBuild> {
    const work = join(this.directory, plan.folder.replaceAll('/', '-'));
    const log = join(work, 'build.log');
    mkdirSync(work);
    chmodSync(work, 0o777);
    const prepared = preparePlan(plan, plans, work);
    const adapted = [...prepared.adapted, ...(plan.remark === undefined ? [] : [plan.remark])];
    const about = { folder: plan.folder, log, adapted };
    // Callbacks such as a `git clone` write beside the plan, and git reads only what belongs to its caller.
    if (process.getuid?.() === 0) execFileSync('chown', ['-R', '65534:65534', work]);
    if (prepared.archive !== undefined) {
      const cache = join(this.#root, 'cache/src');
      const command = ['sh', '-c', 'mkdir -p "$1" && cp "$2" "$1"', 'sh', cache, prepared.archive];
      const [file = '', ...args] = [...AS_NOBODY, ...command];
      spawnSync(file, args, { env: this.#env() });
    }
    const started = performance.now();
    const status = await this.#run(['pkg', 'build', prepared.folder], log, {
      ...prepared.env,
      HAB_OUTPUT_PATH: join(work, 'results'),
    });
    const seconds = (performance.now() - started) / 1000;
    const lines = readFileSync(log, 'utf8').split('\n').slice(-LAST_LINES);
    if (status !== 0) return { ...about, seconds, reason: reasonOf(lines) };
    const artifact = lines.flatMap((line) => /Artifact: (\S+\.hart)/.exec(line)?.[1] ?? []).at(-1);
    return artifact === undefined
      ? { ...about, seconds, reason: 'it ended with 0 and made no artifact' }
      : { ...about, seconds, artifact: basename(artifact) };
  }

  /** Keeps a folder of an earlier build out of the way of the next. */
  [Symbol.dispose](): void {
    rmSync(this.directory, { recursive: true, force: true });
  }

  #env(): Record<string, string> {
    const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith('HAB_') && name !== 'DO_CHECK');
    return {
      ...Object.fromEntries(inherited.filter((entry): entry is [string, string] => entry[1] !== undefined)),
      PATH: '/usr/local/bin:/usr/bin:/bin',
      HAB_ROOT: this.#root,
      HOME: this.#home,
      HAB_NOCOLORING: 'true',
    };
  }

  #run(words: readonly string[], log: string, env: Readonly<Record<string, string>>): Promise<number | null> {
    const [file = '', ...args] = [...AS_NOBODY, hab, ...words];
    const out = createWriteStream(log);
    return new Promise((resolve, reject) => {
      const child = spawn(file, args, {
        env: { ...this.#env(), ...env },
        cwd: this.directory,
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      child.stdout.pipe(out, { end: false });
      child.stderr.pipe(out, { end: false });
      child.once('error', reject);
      child.once('close', (code) => out.end(() => resolve(code)));
    });
  }
}

/** The error that a person would look for in the end of a log. */
function reasonOf(lines: readonly string[]): string {
  const told = lines.findIndex((line) => /failed with status|ERROR:/.test(line));
  const before = lines.slice(0, told === -1 ? lines.length : told);
  const cause = before.findLast((line) => /\berror\b|not found|No such file|cannot|undefined/i.test(line));
  return (
    [cause, lines[told]].flatMap((line) => (line === undefined ? [] : [line.trim()])).join(' | ') ||
    'no word in the log'
  );
}

/** Leaves the logs of failures behind. */
export function keepLogs(builds: readonly RealBuild[], into: string): void {
  for (const { reason, folder, log } of builds) {
    if (reason !== undefined) cpSync(log, join(into, `${folder.replaceAll('/', '-')}.log`));
  }
}
