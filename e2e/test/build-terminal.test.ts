import { spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';

import { habProgram, Root } from './harness.ts';

/** Longest build of a test, in milliseconds. */
const LATE_MS = 120_000;

function planFolder(body: string): string {
  const path = mkdtempSync(join(tmpdir(), 'hab-plan-'));
  chmodSync(path, 0o777);
  writeFileSync(join(path, 'plan.sh'), `pkg_name=note\npkg_origin=example\npkg_version=1.0\n${body}`);
  return path;
}

/** One thing to type, once the screen shows something new that matches. */
type Step = readonly [when: RegExp, keys: string];

/** Runs `hab` on a pseudo terminal. */
async function onTerminal(
  root: Root,
  words: readonly string[],
  cwd: string,
  steps: readonly Step[],
): Promise<{ code: number | null; screen: string }> {
  const command = ['exec', habProgram, ...words]
    .map((word) => `'${word}'`)
    .join(' ')
    .replace("'exec'", 'exec');
  const kept = Object.entries(process.env).filter(([name]) => !name.startsWith('HAB_') && name !== 'STUDIO_TYPE');
  const child = spawn('script', ['-qefc', command, '/dev/null'], {
    cwd,
    env: { ...Object.fromEntries(kept), ...root.env, TERM: 'dumb' },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const late = setTimeout(() => child.kill('SIGKILL'), LATE_MS);
  let [screen, seen, at] = ['', 0, 0];
  child.stdout.on('data', (chunk) => {
    screen += String(chunk);
    const [when, keys] = steps[at] ?? [];
    const found = when?.exec(screen.slice(seen));
    if (found === null || found === undefined) return;
    seen += found.index + found[0].length;
    at += 1;
    child.stdin.write(keys);
  });
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  clearTimeout(late);
  return { code, screen: screen.replaceAll('\r', '') };
}

async function keyed(): Promise<Root> {
  const root = new Root();
  await root.ok(['origin', 'key', 'generate', 'example']);
  return root;
}

/** A program that says itself when it runs: from then on it can be interrupted. */
const WAIT = `sh -c 'echo "it has"" begun"; exec sleep 1000'`;

test('attach: looking around, an interrupt that stops only what was typed, and the build goes on', async () => {
  await using root = await keyed();
  const plan = planFolder(
    'do_build() {\n  local word=secret\n  attach\n  echo "word is $word"\n}\ndo_install() { :; }\n',
  );
  const { code, screen } = await onTerminal(root, ['pkg', 'build', plan], plan, [
    [/\[1\] note\(do_build\)> /, 'echo "<$word>"; word=changed\n'],
    [/\[2\] note\(do_build\)> /, `${WAIT}; echo "not"" this"\n`],
    [/it has begun/, '\x03'],
    [/\[3\] note\(do_build\)> /, '@ 0\n'],
    [/\[4\] note\(do_build\)> /, 'quit\n'],
  ]);
  expect(screen).toContain('\n<secret>\n');
  expect(screen).toContain('\n => 6:   attach\n');
  expect(screen).toContain('\nword is changed\n');
  expect(screen).not.toContain('not this');
  expect(screen).toContain('I love it when a plan.sh comes together.');
  expect(code).toBe(0);
});

test('--on-failure shell opens where the command failed; the status is that of the command', async () => {
  await using root = await keyed();
  const plan = planFolder('do_build() {\n  local word=secret\n  sh -c "exit 7"\n}\n');
  const words = ['pkg', 'build', plan, '--on-failure', 'shell'];
  const { code, screen } = await onTerminal(root, words, plan, [
    [/\[1\] note\(do_build\)> /, `${WAIT}\n`],
    [/it has begun/, '\x03'],
    [/\[2\] note\(do_build\)> /, 'echo "<$word>"\n'],
    [/\[3\] note\(do_build\)> /, 'exit\n'],
  ]);
  expect(screen).toContain('do_build failed with status 7: sh -c "exit 7"\n');
  expect(screen).toContain(' => 6:   sh -c "exit 7"\n');
  expect(screen).toContain('\n<secret>\n');
  expect(code).toBe(7);
});

test.for([
  ['Ctrl-C', '\x03', 130],
  ['Ctrl-\\', '\x1c', 131],
] as const)('%s outside a prompt ends the build after it has cleaned up', async ([, keys, status]) => {
  await using root = await keyed();
  const plan = planFolder(`do_build() {\n  ${WAIT}\n}\ndo_after_failure() { echo "cleaning"" up"; }\n`);
  const { code, screen } = await onTerminal(root, ['pkg', 'build', plan], plan, [[/it has begun/, keys]]);
  expect(screen).toContain('Interrupted by SIG');
  expect(screen).toContain('To build again from the start: hab pkg build ');
  expect(screen).toContain('\ncleaning up\n');
  expect(code).toBe(status);
});
