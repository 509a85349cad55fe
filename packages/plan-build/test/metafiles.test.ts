import { thrownBy } from '@hab/core/testing';
import { describe, expect, test } from 'vitest';
import { manifestText } from '../src/manifest.ts';
import { compositeMetafiles, type MetafileFacts, packageMetafiles } from '../src/metafiles.ts';
import { facts } from './support/plans.ts';

const P = '/hab/pkgs/acme/zee/1.2.13/20261121115058';
const metafiles = (plan: Parameters<typeof facts>[0] = {}, more: Partial<MetafileFacts> = {}) =>
  Object.fromEntries(
    packageMetafiles({
      plan: facts(plan),
      ident: 'acme/zee/1.2.13/20261121115058',
      target: 'x86_64-linux',
      deps: [],
      tdeps: [],
      buildDeps: [],
      buildTdeps: [],
      runtimePath: '',
      runtime: new Map(),
      buildtime: new Map(),
      ports: [],
      pconfigFound: [],
      runnable: false,
      native: false,
      ...more,
    }),
  );

test('a package that says nothing has its identity and its target', () => {
  expect(metafiles()).toEqual({ IDENT: 'acme/zee/1.2.13/20261121115058\n', TARGET: 'x86_64-linux\n' });
});

test('every file, in the order of writing', () => {
  const variable = (value: string) => ({ value, provenance: ['acme/zee/1.2.13/20261121115058', 'core/x/1/2'] });
  const files = metafiles(
    {
      pkg_lib_dirs: ['lib', 'lib64'],
      pkg_include_dirs: ['include'],
      pkg_bin_dirs: ['bin'],
      pkg_exports: { port: 'server.port', b: 'c' },
      pkg_binds: { db: 'port host' },
      pkg_binds_optional: { z: 'a', cache: 'port' },
      pkg_interpreters: ['bin/sh', 'bin/bash'],
      pkg_shutdown_signal: 'INT',
      pkg_shutdown_timeout_sec: '12',
      pkg_svc_user: 'root',
    },
    {
      deps: ['core/b/1/2', 'core/a/1/2'],
      tdeps: ['core/b/1/2', 'core/a/1/2', 'core/c/1/2'],
      buildDeps: ['core/d/1/2'],
      buildTdeps: ['core/d/1/2'],
      runtimePath: `${P}/bin`,
      runtime: new Map([
        ['Z', variable('1')],
        ['A', variable('x=y=')],
      ]),
      buildtime: new Map([['B', variable('2')]]),
      ports: ['8080', '81'],
      pconfigFound: ['lib/pkgconfig', 'share/pkgconfig'],
      runnable: true,
      native: true,
    },
  );
  expect(Object.entries(files)).toEqual([
    ['LD_RUN_PATH', `${P}/lib:${P}/lib64\n`],
    ['LDFLAGS', `-L${P}/lib -L${P}/lib64\n`],
    ['CFLAGS', `-I${P}/include\n`],
    ['CPPFLAGS', `-I${P}/include\n`],
    ['CXXFLAGS', `-I${P}/include\n`],
    ['PKG_CONFIG_PATH', `${P}/lib/pkgconfig:${P}/share/pkgconfig\n`],
    ['BUILDTIME_ENVIRONMENT', 'B=2\n'],
    ['BUILDTIME_ENVIRONMENT_PROVENANCE', 'B=acme/zee/1.2.13/20261121115058 core/x/1/2\n'],
    ['PATH', `${P}/bin\n`],
    ['EXPORTS', 'b=c\nport=server.port\n'],
    ['BINDS', 'db=port host\n'],
    ['BINDS_OPTIONAL', 'cache=port\nz=a\n'],
    ['EXPOSES', '8080 81\n'],
    ['INTERPRETERS', `${P}/bin/sh\n${P}/bin/bash\n`],
    ['BUILD_DEPS', 'core/d/1/2\n'],
    ['BUILD_TDEPS', 'core/d/1/2\n'],
    ['DEPS', 'core/b/1/2\ncore/a/1/2\n'],
    ['TDEPS', 'core/b/1/2\ncore/a/1/2\ncore/c/1/2\n'],
    ['TARGET', 'x86_64-linux\n'],
    ['IDENT', 'acme/zee/1.2.13/20261121115058\n'],
    ['RUNTIME_PATH', `${P}/bin\n`],
    ['RUNTIME_ENVIRONMENT', `A=x=y=\nPATH=${P}/bin\nZ=1\n`],
    [
      'RUNTIME_ENVIRONMENT_PROVENANCE',
      'A=acme/zee/1.2.13/20261121115058 core/x/1/2\nZ=acme/zee/1.2.13/20261121115058 core/x/1/2\n',
    ],
    ['SHUTDOWN_SIGNAL', 'INT\n'],
    ['SHUTDOWN_TIMEOUT', '12\n'],
    ['SVC_USER', 'root\n'],
    ['SVC_GROUP', 'hab\n'],
    ['PACKAGE_TYPE', 'native\n'],
  ]);
});

test('directories that the plan names win over those that are found', () => {
  const files = metafiles({ pkg_pconfig_dirs: ['pc'] }, { pconfigFound: ['lib/pkgconfig'] });
  expect(files['PKG_CONFIG_PATH']).toBe(`${P}/pc\n`);
});

describe('values that no line can hold', () => {
  const broken: [string, Parameters<typeof facts>[0]][] = [
    ['BINDS', { pkg_binds: { db: 'port\nIDENT=x' } }],
    ['EXPORTS', { pkg_exports: { 'a=b': 'c' } }],
    ['EXPORTS', { pkg_exports: { '': 'c' } }],
    ['PATH', { pkg_bin_dirs: ['bin\nx'] }],
    ['SHUTDOWN_SIGNAL', { pkg_shutdown_signal: 'INT\r' }],
  ];
  test.for(broken)('%s %o', ([name, plan]) => {
    expect(thrownBy(() => metafiles(plan))).toMatchObject({
      code: 'BUILD_VALUE_INVALID',
      details: { name, status: 1 },
    });
  });
});

test('a composite', () => {
  const files = compositeMetafiles({
    ident: 'acme/all/1/2',
    target: 'x86_64-linux',
    services: ['acme/web', 'acme/cache', 'acme/db/2.0'],
    resolved: ['acme/web/1.0/20200101000001', 'acme/cache/2.0/20200101000003', 'acme/db/2.0/20200101000002'],
    bindMap: new Map([['acme/web', 'database:acme/db/2.0 cache:acme/cache']]),
  });
  expect(files).toEqual([
    ['IDENT', 'acme/all/1/2\n'],
    ['TARGET', 'x86_64-linux\n'],
    ['TYPE', 'composite\n'],
    ['SERVICES', 'acme/cache\nacme/db/2.0\nacme/web\n'],
    ['RESOLVED_SERVICES', 'acme/cache/2.0/20200101000003\nacme/db/2.0/20200101000002\nacme/web/1.0/20200101000001\n'],
    ['BIND_MAP', 'acme/web=database:acme/db/2.0 cache:acme/cache\n'],
  ]);
});

describe('MANIFEST', () => {
  const flags = { LD_RUN_PATH: '', CFLAGS: '-O2', CXXFLAGS: '', CPPFLAGS: '', LDFLAGS: '', PKG_CONFIG_PATH: '' };
  const manifest = (plan: Parameters<typeof facts>[0], planText: string): string =>
    manifestText({ plan: facts(plan), release: '20261121115058', target: 'x86_64-linux', flags, planText });

  test('holds every fact', () => {
    const text = manifest(
      {
        pkg_description: 'Two\nlines',
        pkg_maintainer: 'Acme <packages@acme.example>',
        pkg_license: ['MIT', 'Zlib'],
        pkg_upstream_url: 'https://acme.example/zee',
        pkg_source: 'https://acme.example/zee.tar.gz',
        pkg_shasum: 'abc',
        pkg_deps: ['core/glibc'],
        pkg_build_deps: ['core/gcc', 'core/make'],
        pkg_interpreters: ['bin/sh'],
      },
      'pkg_name=zee\n',
    );
    const wanted = ['# acme / zee\n', 'Two\nlines\n', 'Acme <packages@acme.example>', '1.2.13', '20261121115058'];
    for (const part of [...wanted, 'x86_64-linux', 'MIT, Zlib', 'acme.example/zee.tar.gz', '`abc`', `\`${P}\``]) {
      expect(text).toContain(part);
    }
    for (const part of ['`core/glibc`', '`core/gcc` `core/make`', `\`${P}/bin/sh\``, 'CFLAGS: -O2', 'pkg_name=zee']) {
      expect(text).toContain(part);
    }
  });

  test('shows no password of the plan', () => {
    const plan = `pkg_source=https://ann:se@cret@acme.example/a@b\nother="ftp://ann:secret@x" third='http://$USER:$TOKEN@x' git@host:y ssh://git@z\n`;
    const text = manifest({}, plan);
    expect(text).not.toMatch(/se@?cret/);
    expect(text).toContain('pkg_source=https://acme.example/a@b\nother="ftp://x"');
    expect(text).toContain("third='http://$USER:$TOKEN@x' git@host:y ssh://git@z");
    const hostile = `${'://a:'.repeat(200_000)}${'://'}${':'.repeat(1_000_000)}`;
    expect(manifest({}, hostile)).toContain('://a:');
  });

  test('shows no password of a source', () => {
    expect(manifest({ pkg_source: 'https://ann:se@cret@acme.example/a@b' }, '')).toContain(
      '<https://acme.example/a@b>',
    );
  });

  test('says what is missing', () => {
    const text = manifest({}, '');
    expect(text).toContain('no description');
    expect(text).toContain('* **Run dependencies:** none');
    expect(text).toContain('LDFLAGS: (not set)');
  });

  test('a plan with a fence of its own stays inside', () => {
    const text = manifest({}, 'cat <<E\n````md\nx\n````\nE\n');
    expect(text).toContain('\n`````bash\ncat <<E\n````md');
    expect(text.trimEnd().endsWith('\n`````')).toBe(true);
  });
});
