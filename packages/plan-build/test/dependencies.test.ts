import { parseFullIdent } from '@hab/ident';
import { describe, expect, test } from 'vitest';
import { installAttempts } from '../src/channels.ts';
import { compileFlags } from '../src/compile-flags.ts';
import { circleWarnings, conflictReport } from '../src/conflict-report.ts';
import { type Dependency, findConflicts, orderDependencies } from '../src/dependency.ts';
import { buildSearchPath, ownDirectories, packageSearchPath } from '../src/search-path.ts';
import { readBuildSettings } from '../src/settings.ts';

type Facts = Partial<Omit<Dependency, 'tdeps'>> & { readonly tdeps?: readonly string[] };
const dependency = (ident: string, facts: Facts = {}): Dependency => ({
  ident: parseFullIdent(ident),
  prefix: `/hab/pkgs/${ident}`,
  deps: [],
  path: '',
  ldRunPath: '',
  ldflags: '',
  cflags: '',
  cppflags: '',
  cxxflags: '',
  pkgConfigPath: '',
  runtimeEnvironment: [],
  ...facts,
  tdeps: (facts.tdeps ?? []).map(parseFullIdent),
});

const ZLIB = 'core/zlib/1.2.11/20190115003728';
const GLIBC = 'core/glibc/2.27/20190115002733';
const GCC = 'core/gcc/9.1.0/20190822134346';
const LIBPNG = 'core/libpng/1.6.37/20190822134346';

describe('order', () => {
  test('what needs something comes before it', () => {
    const libpng = dependency(LIBPNG, { tdeps: [ZLIB, GLIBC] });
    const gcc = dependency(GCC, { tdeps: [ZLIB, GLIBC] });
    expect(orderDependencies([gcc], [libpng, dependency(GLIBC)])).toEqual({
      run: [LIBPNG, GLIBC],
      runTransitive: [LIBPNG, ZLIB, GLIBC],
      build: [GCC],
      buildTransitive: [GCC, ZLIB, GLIBC],
      all: [GCC, LIBPNG, GLIBC],
      allTransitive: [GCC, LIBPNG, GLIBC, ZLIB],
    });
  });

  test('an ident listed twice counts once', () => {
    const sets = orderDependencies([], [dependency(ZLIB), dependency(ZLIB)]);
    expect(sets.run).toEqual([ZLIB]);
    expect(findConflicts(sets.runTransitive)).toEqual([]);
  });

  test('none at all', () => {
    expect(orderDependencies([], []).allTransitive).toEqual([]);
  });
});

describe('conflicts', () => {
  const old = 'core/glibc/2.22/20180115002733';

  test('two releases of one package; a package whose name only begins like it is another', () => {
    const idents = [GLIBC, old, 'core/glibc-static/2.22/20180115002733', 'core/glib/1/20180115002733'];
    expect(findConflicts(idents)).toEqual([{ name: 'core/glibc', idents: [old, GLIBC] }]);
  });

  test('the report shows only what leads to them', () => {
    const graph: Record<string, string[]> = { [LIBPNG]: [ZLIB, GLIBC], [ZLIB]: [GLIBC], [GCC]: [old, 'core/x/1/1'] };
    const conflicts = findConflicts([GLIBC, old]);
    const report = conflictReport(
      'acme/app/1/2',
      [LIBPNG, GCC, 'core/y/1/1'],
      (ident) => graph[ident] ?? [],
      conflicts,
    );
    expect(report).toContain(`  * core/glibc ( ${old} ${GLIBC} )`);
    const tree = report.slice(report.indexOf('acme/app/1/2'));
    expect(tree.slice(0, 7)).toEqual([
      'acme/app/1/2',
      `    ${LIBPNG}`,
      `        ${ZLIB}`,
      `            ${GLIBC} (*)`,
      `        ${GLIBC} (*)`,
      `    ${GCC}`,
      `        ${old} (*)`,
    ]);
    expect(report.join('\n')).not.toContain('core/x');
    expect(report.join('\n')).not.toContain('core/y');
  });

  test('a circle among installed packages ends', () => {
    const graph: Record<string, string[]> = { a: ['b'], b: ['a', GLIBC], c: [old] };
    const report = conflictReport('own', ['a', 'c'], (ident) => graph[ident] ?? [], findConflicts([GLIBC, old]));
    expect(report.filter((line) => line.endsWith('(*)'))).toHaveLength(2);
  });

  test('a graph with exponentially many paths is walked once', () => {
    const levels = 200;
    const depsOf = (ident: string): readonly string[] => {
      const level = Number(ident.slice(1));
      if (level === levels) return [GLIBC, old];
      return [`a${level + 1}`, `b${level + 1}`];
    };
    const report = conflictReport('own', ['a0'], depsOf, findConflicts([GLIBC, old]));
    expect(report.length).toBeLessThan(100);
  });

  test('a package that would need itself', () => {
    const direct = [
      { ident: 'acme/greeter/1/1', needs: ['core/zlib/1/1', 'acme/zee/1/1'] },
      { ident: 'acme/zee/2/2', needs: [] },
      { ident: 'acme/zeeland/2/2', needs: [] },
    ];
    const warnings = circleWarnings({ origin: 'acme', name: 'zee' }, direct);
    expect(warnings).toHaveLength(2);
    expect(warnings[0]).toContain('acme/greeter/1/1 needs acme/zee/1/1');
  });
});

describe('search paths', () => {
  const zee = '/hab/pkgs/acme/zee/1/2';

  test('own directories first, then entries inside each dependency, each once', () => {
    const path = packageSearchPath(ownDirectories('/hab/pkgs/acme/app/1/2', ['bin', 'sbin']), [
      { prefix: zee, path: `${zee}/bin:/usr/bin:${zee}-other/bin:${zee}/bin` },
      { prefix: zee, path: `${zee}/bin:${zee}` },
      { prefix: zee, path: '' },
    ]);
    expect(path).toBe(`/hab/pkgs/acme/app/1/2/bin:/hab/pkgs/acme/app/1/2/sbin:${zee}/bin:${zee}`);
  });

  test('the initial path stays as it is', () => {
    expect(buildSearchPath('', '/usr/bin:/bin:')).toBe('/usr/bin:/bin:');
    expect(buildSearchPath('/a', '/usr/bin')).toBe('/a:/usr/bin');
  });
});

describe('flags', () => {
  const none = { LD_RUN_PATH: '', CFLAGS: '', CXXFLAGS: '', CPPFLAGS: '', LDFLAGS: '', PKG_CONFIG_PATH: '' };

  test('every direct dependency adds to them, behind what is there', () => {
    const one = dependency(GCC, { cflags: '-I/gcc', ldflags: '-L/gcc', ldRunPath: '/gcc', pkgConfigPath: '/gcc/pc' });
    const two = dependency(ZLIB, { cflags: '-I/z', cppflags: '-I/zpp', cxxflags: '-I/zxx', ldRunPath: '/z' });
    const flags = compileFlags({ ...none, CFLAGS: '-O2' }, { prefix: '/p', libDirs: ['lib'] }, [one, two], [two]);
    expect(flags).toEqual({
      LD_RUN_PATH: '/p/lib:/z',
      CFLAGS: '-O2 -I/gcc -I/z',
      CPPFLAGS: '-I/gcc -I/zpp',
      CXXFLAGS: '-I/gcc -I/zxx',
      LDFLAGS: '-L/gcc',
      PKG_CONFIG_PATH: '/gcc/pc',
    });
  });
});

describe('channels', () => {
  const settings = (environment: Record<string, string>) => readBuildSettings(environment);
  const core = { origin: 'core', name: 'zlib' };
  const acme = { origin: 'acme', name: 'zee' };

  test('stable for everything by default', () => {
    expect(installAttempts(acme, settings({}))).toEqual([{ channel: 'stable', ignoreLocal: false }]);
    expect(installAttempts(core, settings({}))).toEqual([{ channel: 'stable', ignoreLocal: true }]);
  });

  test('the variables of a 2.1 environment give its behaviour', () => {
    const base = settings({ HAB_BLDR_CHANNEL: 'base', HAB_REFRESH_CHANNEL: 'base' });
    expect(installAttempts(core, base).map(({ channel }) => channel)).toEqual(['base', 'stable']);
    expect(installAttempts({ origin: 'chef', name: 'x' }, base)[0]).toEqual({ channel: 'base', ignoreLocal: true });
  });

  test('no second try without a fallback, and local packages when they are preferred', () => {
    const local = settings({
      HAB_BLDR_CHANNEL: 'dev',
      HAB_FALLBACK_CHANNEL: '',
      HAB_PREFER_LOCAL_CHEF_DEPS: 'true',
    });
    expect(installAttempts(acme, local)).toEqual([{ channel: 'dev', ignoreLocal: false }]);
    expect(installAttempts(core, local)).toEqual([{ channel: 'stable', ignoreLocal: false }]);
  });

  test('the switch of 0.64 ignores local packages of every origin', () => {
    expect(installAttempts(acme, settings({ HAB_FEAT_IGNORE_LOCAL: 'TRUE' }))[0]?.ignoreLocal).toBe(true);
  });
});
