import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { World } from './support/world.ts';

const MAIN = fileURLToPath(new URL('./support/attach-main.ts', import.meta.url));

let world: World;
beforeEach(() => {
  world = new World();
});
afterEach(() => {
  world[Symbol.dispose]();
});

/** Builds on a pseudo terminal and types each line when the prompt of its number is there. */
async function type(plan: string, ...lines: readonly string[]): Promise<{ status: number; screen: string }> {
  world.write('plan', { 'plan.sh': plan });
  const child = spawn('script', ['-qefc', `"${process.execPath}" "${MAIN}" "${world.root}"`, '/dev/null'], {
    env: { PATH: process.env['PATH'] ?? '', TERM: 'dumb' },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  let screen = '';
  let typed = 0;
  child.stdout.on('data', (chunk) => {
    screen += String(chunk);
    const line = lines[typed];
    if (line === undefined || !screen.includes(`[${typed + 1}] zee(`) || !screen.trimEnd().endsWith('>')) return;
    typed++;
    child.stdin.write(`${line}\n`);
  });
  const status = await new Promise<number>((resolve) => child.once('close', (code) => resolve(code ?? -1)));
  return { status, screen: screen.replaceAll('\r', '') };
}

const HEAD = 'pkg_name=zee\npkg_origin=acme\npkg_version=1\n';
const PLAN = `${HEAD}do_build() {
  local word=secret
  attach
  echo "word is $word"
}
do_install() { :; }
`;

describe('attach', () => {
  test('shows where it is, runs commands with the variables of that place, and goes on', async () => {
    const { status, screen } = await type(PLAN, 'echo "<$word>"', 'word=changed', 'false', 'quit');
    expect(status).toBe(0);
    expect(screen).toContain('\n### Attaching to debugging session\n\nFrom: ');
    expect(screen).toContain(
      '/plan/plan.sh @ line 6 :\n\n    1: pkg_name=zee\n    2: pkg_origin=acme\n    3: pkg_version=1\n    4: do_build() {\n    5:   local word=secret\n =>  6:   attach\n'.replace(
        ' =>  6',
        ' => 6',
      ),
    );
    expect(screen).toContain('[1] zee(do_build)>');
    expect(screen).toContain('<secret>');
    expect(screen).toContain('[4] zee(do_build)>');
    expect(screen).toContain('\n### Leaving debugging session\n\nword is changed\n');
    expect(screen).toContain('I love it when a plan.sh comes together.');
  });

  test('exit-program ends the build with 1 and makes nothing', async () => {
    const { status, screen } = await type(PLAN, 'quit-program');
    expect(status).toBe(1);
    expect(screen).toContain('### Leaving debugging session');
    expect(screen).toContain('Exiting on error');
  });

  test('help, whereami and vars', async () => {
    const { screen } = await type(PLAN, 'help', '@ 1', 'whereami x', 'vars', 'exit');
    for (const word of ['whereami [N]', 'exit-program  End hab-plan-build', '@             The same as whereami.']) {
      expect(screen).toContain(word);
    }
    expect(screen).toContain('\n    5:   local word=secret\n => 6:   attach\n    7:   echo "word is $word"\n\n');
    expect(screen).toContain('pkg_name="zee"');
  });

  test('errors and interrupts of the session do not end the build, those behind it do', async () => {
    const plan = `${HEAD}do_build() {\n  attach\n  false\n}\n`;
    const { status, screen } = await type(plan, 'cd /nonexistent', 'return_of=$(false)', 'exit');
    expect(screen).toContain('/nonexistent: No such file or directory');
    expect(screen).toContain('plan.sh:6: false');
    expect(status).toBe(1);
  });
});

test('without anybody at the terminal attach does nothing', async () => {
  await world.start();
  const { result, errors } = await world.build(world.plan('zee', 'do_build() { attach; }\ndo_install() { :; }\n'));
  expect(result.type).toBe('built');
  expect(errors).toContain("WARN: Non interactive studio, skipping 'attach'");
});
