import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';

import { type CommandResult, habProgram, run } from './harness.ts';

/** `nobody`, an ordinary user, when we are root; else ourselves. */
const asOrdinaryUser: readonly string[] =
  process.getuid?.() === 0 ? ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups', '--'] : ['env'];
const isRoot = process.getuid?.() === 0;

function freshFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'hab root #')); // names with spaces and marks are ordinary names
  chmodSync(folder, 0o777);
  return folder;
}
function ordinary(root: string, home: string, ...args: string[]): Promise<CommandResult> {
  const [file = '', ...words] = [...asOrdinaryUser, habProgram, '--root', root, ...args];
  return run(file, words, { env: { HOME: home, PATH: '/usr/local/bin:/usr/bin:/bin' } }); // without sbin, as theirs is
}

test('an ordinary user has a private /hab, and keys at home', async () => {
  const [root, home] = [freshFolder(), freshFolder()];
  const made = await ordinary(root, home, 'origin', 'key', 'generate', 'acme');
  expect(made, made.stderr).toMatchObject({ code: 0 });
  expect(readdirSync(join(home, '.hab/cache/keys')).filter((file) => file.startsWith('acme-'))).toHaveLength(2);
  expect(existsSync(join(root, 'cache'))).toBe(false);
});

test("the mode and owner of what an ordinary user makes are the user's", async () => {
  const [root, home] = [freshFolder(), freshFolder()];
  await ordinary(root, home, 'origin', 'key', 'generate', 'acme');
  const [secret = ''] = readdirSync(join(home, '.hab/cache/keys')).filter((file) => file.endsWith('.sig.key'));
  const facts = statSync(join(home, '.hab/cache/keys', secret));
  expect(facts.mode & 0o777).toBe(0o400);
  expect(facts.uid).toBe(isRoot ? 65_534 : process.getuid?.());
});

test.runIf(isRoot)('root keeps its keys in the private /hab', async () => {
  const root = freshFolder();
  const made = await run(habProgram, ['--root', root, 'origin', 'key', 'generate', 'acme']);
  expect(made, made.stderr).toMatchObject({ code: 0 });
  expect(readdirSync(join(root, 'cache/keys'))).toHaveLength(2);
});

test('two roots never meet, and the host has no trace of either', async () => {
  const home = freshFolder();
  const before = existsSync('/hab') ? readdirSync('/hab') : undefined;
  const [one, two] = [freshFolder(), freshFolder()];
  mkdirSync(join(one, 'pkgs/acme/x/1/20200101000000'), { recursive: true });
  writeFileSync(join(one, 'pkgs/acme/x/1/20200101000000/TARGET'), 'x86_64-linux\n');
  writeFileSync(join(one, 'pkgs/acme/x/1/20200101000000/IDENT'), 'acme/x/1/20200101000000\n');
  const found = await ordinary(one, home, 'pkg', 'path', 'acme/x');
  expect(found.stdout, found.stderr).toBe('/hab/pkgs/acme/x/1/20200101000000\n');
  expect(await ordinary(two, home, 'pkg', 'path', 'acme/x')).toMatchObject({ code: 1 });
  expect(existsSync('/hab') ? readdirSync('/hab') : undefined).toEqual(before);
});

test('a command inside a root is inside already', async () => {
  const [root, home] = [freshFolder(), freshFolder()];
  const base = join(root, 'pkgs/acme/x/1/20200101000000');
  mkdirSync(join(base, 'bin'), { recursive: true });
  for (const [file, text] of [
    ['TARGET', 'x86_64-linux\n'],
    ['IDENT', 'acme/x/1/20200101000000\n'],
    ['RUNTIME_PATH', '/hab/pkgs/acme/x/1/20200101000000/bin\n'],
    ['bin/again', `#!/bin/sh\nexec "${habProgram}" pkg path acme/x\n`],
  ] as const) {
    writeFileSync(join(base, file), text);
  }
  chmodSync(join(base, 'bin/again'), 0o755);
  const result = await ordinary(root, home, 'pkg', 'exec', 'acme/x', 'again');
  expect(result.stdout, result.stderr).toBe('/hab/pkgs/acme/x/1/20200101000000\n');
});

test("the working folder and the exit status are the caller's", async () => {
  const [root, home] = [freshFolder(), freshFolder()];
  const result = await ordinary(root, home, 'pkg', 'path', 'acme/none');
  expect(result.code).toBe(1);
  expect(result.stderr).toContain('acme/none');
});

test('without namespaces the message says so, and what to do', async () => {
  const tools = freshFolder();
  writeFileSync(join(tools, 'unshare'), '#!/bin/sh\necho "unshare failed: Operation not permitted" >&2\nexit 1\n');
  chmodSync(join(tools, 'unshare'), 0o755);
  const result = await run(habProgram, ['--root', freshFolder(), 'svc', 'status'], {
    env: { PATH: `${tools}:${process.env['PATH']}` },
  });
  expect(result.code).toBe(1);
  expect(result.stderr).toMatch(/does not allow the namespaces[\s\S]*Operation not permitted[\s\S]*leave out --root/);
});

test('a root without a name is a usage error', async () => {
  expect(await run(habProgram, ['--root'])).toMatchObject({ code: 2 });
  expect(await run(habProgram, ['--root=', 'svc', 'status'])).toMatchObject({ code: 2 });
});

test('nothing is left in the folder for temporary files', async () => {
  const [root, home, temporary] = [freshFolder(), freshFolder(), freshFolder()];
  const [file = '', ...words] = [...asOrdinaryUser, habProgram, '--root', root, 'origin', 'key', 'generate', 'acme'];
  const made = await run(file, words, { env: { HOME: home, TMPDIR: temporary } });
  expect(made, made.stderr).toMatchObject({ code: 0 });
  expect(readdirSync(temporary)).toEqual([]);
  expect(readFileSync('/proc/self/mounts', 'utf8')).not.toContain('hab-root');
});
