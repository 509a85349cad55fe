import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import { createLayout, type ServiceLayout } from '@hab/core';
import { rejectionOf } from '@hab/core/testing';
import { type ConfigTable, toConfigTable } from '@hab/templating';
import { expect, test } from 'vitest';

import { type Rendered, ServiceFiles, type ServiceFilesOptions, type ServiceIdentity } from '../src/node/index.ts';

const me: ServiceIdentity = {
  user: 'me',
  group: 'me',
  uid: process.getuid?.() ?? 0,
  gid: process.getgid?.() ?? 0,
  switches: false,
};

class Package {
  readonly root = mkdtempSync(join(tmpdir(), 'hab-files-'));
  readonly layout: ServiceLayout = createLayout({ root: this.root }).service('web');
  readonly said: string[] = [];
  context: ConfigTable = this.make({ port: 80 });

  constructor() {
    for (const folder of [this.layout.config, this.layout.hooks, this.layout.logs])
      mkdirSync(folder, { recursive: true });
  }

  make(cfg: Record<string, number | string>, configPath = this.layout.config): ConfigTable {
    return toConfigTable({ pkg: { svc_config_path: configPath }, cfg });
  }

  source(release: string, files: Readonly<Record<string, string>>): string {
    for (const [name, text] of Object.entries(files)) {
      const path = join(this.root, release, name);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, text);
    }
    return join(this.root, release);
  }

  load(release: string, files: Readonly<Record<string, string>>, more: Partial<ServiceFilesOptions> = {}) {
    return ServiceFiles.load({
      source: this.source(release, files),
      layout: this.layout,
      identity: me,
      context: (path) => (path === undefined ? this.context : this.make({ port: 80 }, path)),
      say: (_key, text) => this.said.push(text),
      ...more,
    });
  }

  text(name: string): string {
    return readFileSync(join(this.layout.directory, name), 'utf8');
  }

  mode(name: string): number {
    return statSync(join(this.layout.directory, name)).mode & 0o7777;
  }

  get config(): string[] {
    return readdirSync(this.layout.config, { recursive: true, encoding: 'utf8' }).sort();
  }
}

async function render(files: ServiceFiles): Promise<Rendered> {
  const rendered = await files.render();
  await rendered.settle();
  return rendered;
}

const RUN = { 'hooks/run': '#!/bin/sh\nexec web {{cfg.port}}\n' };

test('files, modes and the reaction to what changed', async () => {
  const web = new Package();
  const files = await web.load('1', { ...RUN, 'config/a.conf': 'port {{cfg.port}}\n', 'config/sub/b.conf': 'fixed\n' });
  expect(await render(files)).toMatchObject({ reaction: { type: 'restart', reason: 'run_hook_updated' } });
  expect([web.text('config/a.conf'), web.text('run')]).toEqual(['port 80\n', '#!/bin/sh\nexec web 80\n']);
  expect(['config/a.conf', 'config/sub', 'hooks/run', 'run'].map((name) => web.mode(name))).toEqual([
    0o740, 0o770, 0o755, 0o755,
  ]);
  expect(await render(files)).toMatchObject({ reaction: undefined });
  web.context = web.make({ port: 81 });
  expect(await render(files)).toMatchObject({ reaction: { type: 'restart', reason: 'run_hook_updated' } });
  expect(web.text('run')).toBe('#!/bin/sh\nexec web 81\n');
});

test('what is right already keeps its mode; what somebody changed by hand is put right', async () => {
  const web = new Package();
  const files = await web.load('1', { ...RUN, 'config/a': 'x', 'config/b': 'y' });
  await render(files);
  chmodSync(join(web.layout.config, 'a'), 0o600);
  writeFileSync(join(web.layout.config, 'b'), 'by hand');
  expect(await render(files)).toMatchObject({ reaction: { type: 'restart', reason: 'app_config_updated' } });
  expect([web.mode('config/a'), web.text('config/b'), web.mode('config/b')]).toEqual([0o600, 'y', 0o740]);
});

test('a template that fails leaves all files alone, and every failure is told with its place', async () => {
  const web = new Package();
  const files = await web.load('1', {
    ...RUN,
    'config/a': '{{cfg.port}}',
    'config/b': '{{toUppercase cfg.name}}',
    'config/c': 'x\n{{strJoin cfg.port ","}}',
  });
  const error = await rejectionOf(render(files));
  expect(error).toMatchObject({ code: 'TEMPLATE_DIRECTORY_FAILED', details: { failed: ['config/b', 'config/c'] } });
  expect(String(error)).toMatch(/b, line 1, column 1[\s\S]*c, line 2, column 1/);
  expect(web.config).toEqual([]);
  expect(existsSync(web.layout.run)).toBe(false);
});

test('every template that does not compile is told of', async () => {
  const web = new Package();
  const bad = { 'hooks/run': '{{#if x}}', 'config/a': 'fine', 'config/b': '{{/if}}' };
  const error = await rejectionOf(web.load('1', bad));
  expect(error).toMatchObject({ details: { failed: ['hooks/run', 'config/b'] } });
});

test('what a newer release no longer has goes; what the service made itself stays', async () => {
  const web = new Package();
  await render(await web.load('1', { ...RUN, 'hooks/init': '#!/bin/sh\n', 'config/old/a': 'a', 'config/b': 'b' }));
  writeFileSync(join(web.layout.config, 'made-by-init.key'), 'secret');
  const newer = await web.load('2', { ...RUN, 'config/b': 'b' });
  expect(newer.preview(web.context).changes).toMatchObject([{ name: 'config/old/a', kind: 'removed', before: 'a' }]);
  expect(await render(newer)).toMatchObject({ reaction: { type: 'restart', reason: 'app_config_updated' } });
  expect(web.config).toEqual(['b', 'made-by-init.key']);
  expect(readdirSync(web.layout.hooks)).toEqual(['run']);
  expect(web.said).toContain(`Removed configuration file ${join(web.layout.config, 'old/a')}`);
});

test('a template is rendered again only when something that it looks at is another', async () => {
  const web = new Package();
  const logged: string[] = [];
  const logger = {
    debug: () => undefined,
    warn: () => undefined,
    error: () => undefined,
    info: (text: string) => void logged.push(text),
  };
  const files = await web.load(
    '1',
    { ...RUN, 'config/a': '{{log cfg.port}}{{cfg.port}}' },
    { logger: logger as never },
  );
  await render(files);
  expect(logged).toHaveLength(1);
  web.context = web.make({ port: 80, other: 'new' });
  await render(files);
  expect(logged).toHaveLength(1);
  web.context = web.make({ port: 81, other: 'new' });
  await render(files);
  expect([logged.length, web.text('config/a')]).toEqual([2, '81']);
});

test('a template that would hold the Supervisor up is refused, and the files stay', async () => {
  const web = new Package();
  const turns = '{{#each cfg.list}}{{#each @root.cfg.list}}{{/each}}{{/each}}';
  const files = await web.load('1', { ...RUN, 'config/a': `{{cfg.port}}${turns}` });
  await render(files);
  expect(web.text('config/a')).toBe('80');
  web.context = toConfigTable({ cfg: { port: 81, list: Array.from({ length: 2_000 }, (_, i) => i) } });
  await expect(files.render()).rejects.toThrow(/more than 2000000 items/);
  expect(web.text('config/a')).toBe('80');
});

test('the check sees the whole staged configuration before it replaces the one in force', async () => {
  const web = new Package();
  const seen: unknown[] = [];
  const check = async (hook: string): Promise<void> => {
    const staged = join(dirname(hook), 'config');
    seen.push([
      readFileSync(hook, 'utf8'),
      readdirSync(staged).sort(),
      readFileSync(join(staged, 'a'), 'utf8'),
      web.config,
    ]);
  };
  const source = {
    ...RUN,
    'hooks/config-check': 'look {{pkg.svc_config_path}}',
    'config/a': '{{cfg.port}}',
    'config/b': 'b',
  };
  const files = await web.load('1', source, { check });
  await render(files);
  web.context = web.make({ port: 81 });
  await render(files);
  const hook = `look ${web.layout.staged}/config`;
  expect(seen).toEqual([
    [hook, ['a', 'b'], '80', []],
    [hook, ['a', 'b'], '81', ['a', 'b']],
  ]);
  expect(existsSync(web.layout.staged)).toBe(false);
  expect(readdirSync(web.layout.hooks)).toEqual(['run']);
});

test('a configuration that the check refuses changes nothing, and is not asked about again until it is another', async () => {
  const web = new Package();
  let asked = 0;
  const check = async (): Promise<void> => {
    asked++;
    if (asked > 1) throw new Error('bad port');
  };
  const files = await web.load('1', { ...RUN, 'hooks/config-check': 'x', 'config/a': '{{cfg.port}}' }, { check });
  await render(files);
  web.context = web.make({ port: 81 });
  for (let round = 0; round < 3; round++)
    expect(await rejectionOf(render(files))).toMatchObject({ message: 'bad port' });
  expect([asked, web.text('config/a'), web.text('run'), existsSync(web.layout.staged)]).toEqual([
    2,
    '80',
    '#!/bin/sh\nexec web 80\n',
    false,
  ]);
  web.context = web.make({ port: 82 });
  expect(await rejectionOf(render(files))).toMatchObject({ message: 'bad port' });
  expect(asked).toBe(3);
});

test('two renderings at once do not meet', async () => {
  const web = new Package();
  let inside = 0;
  const check = async (hook: string): Promise<void> => {
    inside++;
    expect([inside, existsSync(hook)]).toEqual([1, true]);
    await new Promise((resolve) => setImmediate(resolve));
    inside--;
  };
  const files = await web.load('1', { ...RUN, 'hooks/config-check': 'x', 'config/a': '{{cfg.port}}' }, { check });
  const first = files.render();
  web.context = web.make({ port: 81 });
  const results = await Promise.all([first, files.render(), files.render()]);
  expect(results.map(({ reaction }) => reaction?.type)).toEqual(['restart', 'restart', undefined]);
  expect([web.text('config/a'), web.text('run')]).toEqual(['81', '#!/bin/sh\nexec web 81\n']);
});

test('a change that nobody has heard of is taken back by whoever comes next, and made again', async () => {
  const web = new Package();
  const template = { ...RUN, 'hooks/reconfigure': 'x', 'config/a': '{{cfg.port}}', 'config/sub/b': '{{cfg.port}}' };
  await render(await web.load('1', template));
  web.context = web.make({ port: 81 });
  // Its Supervisor dies before it can act.
  await (await web.load('1', template)).render();
  expect(web.text('config/a')).toBe('81');
  const next = await web.load('1', template);
  expect([web.text('config/a'), web.text('config/sub/b'), web.text('run')]).toEqual([
    '80',
    '80',
    '#!/bin/sh\nexec web 80\n',
  ]);
  expect(web.said.at(-1)).toContain('taken back');
  expect(await render(next)).toMatchObject({ reaction: { type: 'restart', reason: 'run_hook_updated' } });
  expect([web.text('config/a'), web.config]).toEqual(['81', ['a', 'sub', 'sub/b']]);
  expect(await render(await web.load('1', template))).toMatchObject({ reaction: undefined });
  expect(readdirSync(web.layout.directory).filter((name) => name.startsWith('.'))).toEqual([]);
});

test('a look ahead changes nothing', async () => {
  const web = new Package();
  const files = await web.load('1', {
    ...RUN,
    'hooks/reconfigure': 'x',
    'hooks/config-check': 'x',
    'config/a': '{{cfg.name}}',
    'config/b': 'b',
  });
  await render(files);
  expect(files.preview(web.make({ port: 80, name: 'n' }))).toEqual({
    reaction: { type: 'reconfigure' },
    checked: true,
    changes: [{ name: 'config/a', kind: 'modified', before: '', after: 'n' }],
  });
  expect(web.text('config/a')).toBe('');
});

test('a package with a plain run file has it copied as it is', async () => {
  const web = new Package();
  const files = await web.load('1', { run: '#!/bin/sh\n{{not a template\n' });
  await render(files);
  expect([web.text('run'), web.mode('run')]).toEqual(['#!/bin/sh\n{{not a template\n', 0o755]);
});

test('a hook that is no hook is not read; a template that is no text is an error', async () => {
  const web = new Package();
  web.source('1', RUN);
  mkdirSync(join(web.root, '1/config'), { recursive: true });
  writeFileSync(join(web.root, '1/hooks/data.bin'), Uint8Array.of(0xff));
  await render(await web.load('1', {}));
  writeFileSync(join(web.root, '1/config/a'), Uint8Array.of(0xff));
  expect(await rejectionOf(web.load('1', {}))).toMatchObject({ code: 'TEMPLATE_DIRECTORY_INVALID' });
});

const PLANTED: Readonly<Record<string, (path: string, outside: string) => unknown>> = {
  'a pipe that nobody writes to': (path) => spawnSync('mkfifo', [path]),
  'a device without an end': (path) => symlinkSync('/dev/zero', path),
  'a link to a file with the same text': (path, outside) => symlinkSync(outside, path),
  'a folder': (path) => mkdirSync(join(path, 'inner'), { recursive: true }),
  'a file without an end': (path) => spawnSync('truncate', ['-s', '8G', path]),
};

test.for(Object.keys(PLANTED))('what the service puts in place of its configuration is replaced: %s', async (what) => {
  const web = new Package();
  const outside = join(web.root, 'outside');
  writeFileSync(outside, 'a');
  const release = { ...RUN, 'config/a': 'a', 'config/b': 'b' };
  await render(await web.load('1', release));
  rmSync(join(web.layout.config, 'a'));
  PLANTED[what]?.(join(web.layout.config, 'a'), outside);
  const files = await web.load('1', release);
  expect(files.preview(web.context).changes).toMatchObject([{ name: 'config/a', before: undefined, after: 'a' }]);
  await render(files);
  expect([web.text('config/a'), lstatSync(join(web.layout.config, 'a')).isFile()]).toEqual(['a', true]);
  expect([web.config, readFileSync(outside, 'utf8')]).toEqual([['a', 'b'], 'a']);
});

test('names in the list of rendered files lead nowhere else', async () => {
  const web = new Package();
  writeFileSync(join(web.layout.directory, 'PID'), '1');
  const odd = ['../PID', '/etc/passwd', 'x//y', '.', '..', '', 'no\0name', 'gone'];
  writeFileSync(web.layout.rendered, `${odd.join('\n')}\n`);
  writeFileSync(join(web.layout.config, 'gone'), '');
  const files = await web.load('1', { ...RUN, 'config/a': 'a' });
  expect(files.preview(web.context).changes.map(({ name }) => name)).toEqual(['hooks/run', 'config/a', 'config/gone']);
  await render(files);
  expect([web.config, web.text('PID'), web.text('RENDERED')]).toEqual([['a'], '1', 'a\n']);
});

test('a list of rendered files without an end is refused', async () => {
  const web = new Package();
  symlinkSync('/dev/zero', web.layout.rendered);
  const error = await rejectionOf(web.load('1', { ...RUN, 'config/a': 'a' }));
  expect(error).toMatchObject({ code: 'CORE_FILE_REFUSED' });
});
