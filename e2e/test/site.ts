import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import type { CommandResult, Root, RunningSupervisor } from './harness.ts';

export const DEFAULT: string = 'port = 80\nname = "web"\n\n[tls]\non = false\ncert = "dev.pem"\n';
const RUN = '#!/bin/sh\ntrap "exit 0" TERM\nwhile :; do sleep 0.05; done\n';
export const traced = (hook: string): string => `#!/bin/sh\necho ${hook} >> {{pkg.svc_var_path}}/trace\n`;

/** As an installation does: readable for everybody, whatever the umask. */
function makeDirectories(root: Root, directory: string): void {
  mkdirSync(directory, { recursive: true });
  for (let path = directory; path !== root.directory; path = dirname(path)) chmodSync(path, 0o755);
}

/** Puts a package where an installation would. */
export function install(
  root: Root,
  name: string,
  files: Readonly<Record<string, string>>,
  release = '20260101000000',
): string {
  const base = root.path('pkgs/acme', name, '1.0', release);
  rmSync(base, { recursive: true, force: true });
  const all = { IDENT: `acme/${name}/1.0/${release}\n`, TARGET: 'x86_64-linux\n', 'hooks/run': RUN, ...files };
  for (const [path, text] of Object.entries(all)) {
    makeDirectories(root, dirname(join(base, path)));
    writeFileSync(join(base, path), text);
    chmodSync(join(base, path), path.startsWith('hooks/') ? 0o755 : 0o644);
  }
  return base;
}

export const WEB: Readonly<Record<string, string>> = {
  'default.toml': DEFAULT,
  EXPORTS: 'port=port\n',
  'config/web.conf': 'port {{cfg.port}}\nname {{cfg.name}}\ncert {{cfg.tls.cert}}\n',
  'hooks/reconfigure': traced('reconfigure'),
};
export const PROXY: Readonly<Record<string, string>> = {
  BINDS: 'backend=port\n',
  'config/proxy.conf': '{{#eachAlive bind.backend.members as |m| ~}}\nserver {{m.cfg.port}}\n{{/eachAlive ~}}\n',
};

/** A private root with a Supervisor. */
export class Site {
  readonly root: Root;
  readonly supervisor: RunningSupervisor;

  constructor(root: Root, supervisor: RunningSupervisor) {
    this.root = root;
    this.supervisor = supervisor;
  }

  ok(args: readonly string[], input = ''): Promise<CommandResult> {
    const remote = args[0] === 'plan' || args[0] === 'pkg' ? '--remote-sup' : '-r';
    return this.root.ok([...args, remote, this.supervisor.remote], { input });
  }

  async load(name: string, ...more: readonly string[]): Promise<void> {
    await this.ok(['svc', 'load', `acme/${name}`, ...more]);
    await this.up(name);
  }

  up(name: string): Promise<void> {
    return this.supervisor.until(async () => {
      const { status, body } = await this.supervisor.get(`/services/${name}/default`);
      return status === 200 && JSON.parse(body).process.state === 'up';
    }, `${name} to run`);
  }

  apply(version: number, text: string, ...more: readonly string[]): Promise<CommandResult> {
    return this.ok(['config', 'apply', 'web.default', String(version), ...more], text);
  }

  async shown(): Promise<unknown> {
    return JSON.parse((await this.ok(['config', 'show', 'web.default', '--json'])).stdout);
  }

  /** Ends the Supervisor as a crash would; its Launcher starts another. */
  killSupervisor(signal: 'SIGKILL' | 'SIGSTOP' = 'SIGKILL'): number {
    const pid = Number(findDescendant(this.supervisor.process.pid ?? 0, 'hab-sup.js'));
    process.kill(pid, signal);
    return pid;
  }

  file(path: string): string {
    return readFileSync(this.root.path('svc', path), 'utf8');
  }

  become(path: string, text: string): Promise<void> {
    return this.supervisor.until(async () => existsSync(this.root.path('svc', path)) && this.file(path) === text, path);
  }
}

export async function siteOf(root: Root, env: Readonly<Record<string, string>> = {}): Promise<Site> {
  return new Site(root, await root.supervisor([], env));
}

/** Pid of the process below `parent` whose command line has `word`. */
function findDescendant(parent: number, word: string): number {
  const children = readFileSync(`/proc/${parent}/task/${parent}/children`, 'utf8').trim().split(' ').filter(Boolean);
  for (const child of children.map(Number)) {
    if (readFileSync(`/proc/${child}/cmdline`, 'utf8').includes(word)) return child;
    const found = findDescendant(child, word);
    if (found > 0) return found;
  }
  return 0;
}
