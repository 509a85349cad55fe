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
async function onTerminal(
  settings: Readonly<Record<string, string>>,
  plan: string,
  answer: (screen: string) => string | undefined,
): Promise<{ status: number; screen: string }> {
  world.write('plan', { 'plan.sh': plan });
  const child = spawn('script', ['-qefc', `exec "${process.execPath}" "${MAIN}" "${world.root}"`, '/dev/null'], {
    env: { PATH: process.env['PATH'] ?? '', TERM: 'dumb', ...settings },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  // A build that does not end would outlive the test, with its terminal.
  const late = setTimeout(() => child.kill('SIGKILL'), 120_000);
  let screen = '';
  child.stdout.on('data', (chunk) => {
    screen += String(chunk);
    const keys = answer(screen);
    if (keys !== undefined) child.stdin.write(keys);
  });
  const status = await new Promise<number>((resolve) => child.once('close', (code) => resolve(code ?? -1)));
  clearTimeout(late);
  return { status, screen: screen.replaceAll('\r', '') };
}

async function type(plan: string, ...lines: readonly string[]): Promise<{ status: number; screen: string }> {
  return await typeWith({}, plan, ...lines);
}

/** The same with settings of the program that builds. */
async function typeWith(
  settings: Readonly<Record<string, string>>,
  plan: string,
  ...lines: readonly string[]
): Promise<{ status: number; screen: string }> {
  let typed = 0;
  return await onTerminal(settings, plan, (screen) => {
    const line = lines[typed];
    const isPrompt = /\[\d+\] (?:zee)?\(/.test(screen) && screen.trimEnd().endsWith('>');
    if (line === undefined || !isPrompt || !screen.includes(`[${typed + 1}] `)) return undefined;
    typed++;
    return `${line}\n`;
  });
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
    const { screen } = await type(
      PLAN,
      'help',
      '@ 1',
      'help vars',
      'help pwd',
      'help nosuch',
      'whereami x',
      'vars',
      'exit',
    );
    for (const word of ['whereami [N]', 'exit-program  End hab-plan-build', '@             The same as whereami.']) {
      expect(screen).toContain(word);
    }
    expect(screen).toContain('\n    5:   local word=secret\n => 6:   attach\n    7:   echo "word is $word"\n\n');
    expect(screen).toContain('pkg_name="zee"');
    expect(screen).toContain('vars: declares every variable');
    expect(screen).toMatch(/pwd: pwd \[-LP\]/);
    expect(screen).toContain('no help topics match');
  });

  test('errors and interrupts of the session do not end the build, those behind it do', async () => {
    const plan = `${HEAD}do_build() {\n  attach\n  false\n}\n`;
    const { status, screen } = await type(plan, 'cd /nonexistent', 'return_of=$(false)', 'exit');
    expect(screen).toContain('/nonexistent: No such file or directory');
    expect(screen).toContain('plan.sh:6: false');
    expect(status).toBe(1);
  });
});

describe('attach at any line', () => {
  const places: [string, string][] = [
    ['the first line of a plan', `attach\n${HEAD}`],
    ['the top level of a plan', `${HEAD}attach\n`],
    ['do_begin', `${HEAD}do_begin() { attach; }\n`],
    ['do_end', `${HEAD}do_end() { attach; }\n`],
    ['a callback whose output goes to a file', `${HEAD}do_prepare() {\n  {\n    attach\n  } >out 2>&1 </dev/null\n}\n`],
    ['a loop that reads', `${HEAD}do_prepare() {\n  while read -r word; do\n    attach\n  done <<<word\n}\n`],
    ['a pipe', `${HEAD}do_prepare() {\n  echo x | { read -r word; attach; }\n}\n`],
    ['a subshell', `${HEAD}do_prepare() {\n  (\n    attach\n  )\n}\n`],
    ['a condition', `${HEAD}do_prepare() {\n  if attach; then :; fi\n}\n`],
    ['a function of the plan', `${HEAD}inner() { local here=1; attach; }\ndo_prepare() { inner; }\n`],
    ['set -u with another IFS', `${HEAD}do_prepare() {\n  set -u\n  IFS=,\n  attach\n}\n`],
  ];
  test.for(places)('%s', async ([, plan]) => {
    const settings = { STUDIO_TYPE: '' };
    const { status, screen } = await typeWith(
      settings,
      `${plan}do_build() { :; }\ndo_install() { :; }\n`,
      'echo "it is $((40 + 2))"',
      'exit',
    );
    expect(screen).toContain('### Attaching to debugging session');
    expect(screen).toContain('\nit is 42\n');
    expect(screen).toContain('### Leaving debugging session');
    expect(screen).toContain('I love it when a plan.sh comes together.');
    expect(status).toBe(0);
  });

  test('an interrupt at the prompt ends neither the session nor the build', async () => {
    const { status, screen } = await type(PLAN, 'kill -INT $BASHPID', 'echo "still $((1 + 1))"', 'exit');
    expect(screen).toContain('\nstill 2\n');
    expect(status).toBe(0);
  });

  test('Ctrl-C at the prompt clears the line', async () => {
    const { status, screen } = await type(PLAN, 'echo "not this"\x03echo "but $((1 + 2))"', 'exit');
    expect(screen).toContain('\nbut 3\n');
    expect(screen).not.toContain('\nnot this\n');
    expect(screen).not.toContain('Interrupted');
    expect(status).toBe(0);
  });

  // A program says itself that it runs: what comes between bash and its start would be a race.
  const WAIT = `sh -c 'echo "it is"" on" >/dev/tty; exec sleep 1000'`;
  const COMMANDS: [string, string][] = [
    ['a program', `${WAIT}; echo "not"" this"`],
    ['a loop', `while :; do ${WAIT}; done`],
    ['a loop of the shell alone', 'echo "it is"" on"; while :; do :; done'],
    ['a function of the plan in a loop', 'for ((;;)); do inner; done'],
    ['a pipe', `${WAIT} | cat`],
    ['a subshell', `(${WAIT}; echo "not"" this")`],
    ['a substitution', `x=$(${WAIT})`],
  ];
  test.for(COMMANDS)('Ctrl-C while %s runs stops only that', async ([, command]) => {
    const plan = `${HEAD}inner() {\n  ${WAIT}\n}\ndo_build() {\n  local word=secret\n  attach\n  echo "word is $word"\n}\ndo_install() { :; }\n`;
    const keys = [`${command}\n`, 'word=changed; echo "it is $((40 + 2))"\n', 'exit\n'];
    let typed = 0;
    let stopped = false;
    const { status, screen } = await onTerminal({}, plan, (seen) => {
      if (!stopped && seen.includes('it is on')) {
        stopped = true;
        return '\x03';
      }
      const prompts = seen.match(/\[\d+\] zee\(do_build\)> /g)?.length ?? 0;
      const last = seen.trimEnd().endsWith('>');
      if (!last || !seen.includes(`[${typed + 1}] `) || prompts < typed + 1) return undefined;
      return keys[typed++];
    });
    expect(screen).toContain('\nit is 42\n');
    expect(screen).toContain('word is changed\n');
    expect(screen).not.toContain('not this');
    expect(screen).not.toContain('Interrupted');
    expect(status).toBe(0);
  });

  test('Ctrl-C works again as it should when the prompt is closed', async () => {
    const plan = `${HEAD}do_build() {\n  attach\n  echo "it has sta""rted"\n  sleep 1000\n}\n`;
    let typed = 0;
    const { status, screen } = await onTerminal({}, plan, (seen) => {
      if (typed === 0 && seen.trimEnd().endsWith('>')) {
        typed = 1;
        return 'exit\n';
      }
      if (typed !== 1 || !seen.includes('it has started')) return undefined;
      typed = 2;
      return '\x03';
    });
    expect(screen).toContain('Interrupted by SIGINT');
    expect(status).toBe(130);
  });

  test('whoever ends the program ends the prompt', async () => {
    const { status, screen } = await type(PLAN, 'kill -TERM $PPID; sleep 1000');
    expect(screen).toContain('Interrupted by SIGTERM');
    expect(status).toBe(143);
  });

  test('nothing of the session stays behind', async () => {
    const plan = `${HEAD}do_build() {\n  attach\n  shopt extdebug || :\n  echo "options $-"\n  trap -p DEBUG INT\n}\ndo_install() { :; }\n`;
    const { screen } = await type(plan, 'true', 'exit');
    expect(screen).toContain('extdebug       \toff');
    expect(screen).toMatch(/\noptions [^T]*e[^T]*\n/);
    expect(screen).toContain("trap -- '__hab_on_signal 2 INT' SIGINT");
    expect(screen).not.toContain("' DEBUG\n");
  });

  test('a prompt with a log still is on the terminal', async () => {
    const { status, screen } = await typeWith({ BUILD_LOG: '1' }, PLAN, 'echo "it is $((40 + 2))"', 'exit');
    expect(screen).toContain('\nit is 42\n');
    expect(screen).toContain('word is secret\n');
    expect(status).toBe(0);
  });
});

describe('a shell at the failure', () => {
  const SETTINGS = { BUILD_ON_FAILURE: 'shell' };

  test('opens at the command that failed, with its variables; the build ends with its status', async () => {
    const plan = `${HEAD}do_build() {\n  local word=secret\n  sh -c "exit 7"\n}\n`;
    const { status, screen } = await typeWith(SETTINGS, plan, 'echo "<$word>"', '@ 0', 'exit');
    expect(screen).toContain('do_build failed with status 7: sh -c "exit 7"\n');
    expect(screen).toContain(' => 6:   sh -c "exit 7"\n');
    expect(screen).toContain('\n<secret>\n');
    expect(screen).toContain('do_build failed with status 7\n');
    expect(status).toBe(7);
  });

  test.for([
    ['exit', 'exit 9', 9],
    ['a helper', 'exit_with "no good" 9', 9],
    ['an unset variable', 'set -u; echo "$nope"', 1],
  ] as const)('opens where %s ended it', async ([, command, expected]) => {
    const plan = `${HEAD}do_build() {\n  local word=secret\n  ${command}\n}\n`;
    const { status, screen } = await typeWith(SETTINGS, plan, 'echo "<$word>"', 'exit');
    expect(screen).toContain('/plan.sh @ line ');
    expect(screen).toContain('\n<secret>\n');
    expect(status).toBe(expected);
  });

  test('stays away from a build that succeeds', async () => {
    const { status, screen } = await typeWith(SETTINGS, `${HEAD}do_build() { :; }\ndo_install() { :; }\n`);
    expect(screen).not.toContain('debugging session');
    expect(status).toBe(0);
  });
});

test.for(['stop', 'shell'])('Ctrl-C on a terminal ends the build with 130, on-failure %s or not', async (onFailure) => {
  const plan = `${HEAD}do_build() {\n  sleep 1000 &\n  echo "it has sta""rted"\n  sleep 1000\n}\ndo_after_failure() { echo "clean""ing"; }\n`;
  let sent = false;
  const { status, screen } = await onTerminal({ BUILD_ON_FAILURE: onFailure }, plan, (seen) => {
    if (sent || !seen.includes('it has started')) return undefined;
    sent = true;
    return '\x03';
  });
  expect(status).toBe(130);
  expect(screen).toContain('zee: Interrupted by SIGINT\n');
  expect(screen).toContain('To build again from the start: hab-plan-build ');
  expect(screen).toContain('\ncleaning\n');
  expect(screen).not.toContain('debugging session');
});

test('without anybody at the terminal attach does nothing', async () => {
  await world.start();
  const { result, errors } = await world.build(world.plan('zee', 'do_build() { attach; }\ndo_install() { :; }\n'));
  expect(result.type).toBe('built');
  expect(errors).toContain("WARN: Non interactive studio, skipping 'attach'");
});
