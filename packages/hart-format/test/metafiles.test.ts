import { thrownBy } from '@hab/core/testing';
import { parseFullIdent, parseIdent } from '@hab/ident';
import { describe, expect, test } from 'vitest';

import {
  decodeMetafile,
  formatBindDeclarations,
  formatBindMap,
  formatExposes,
  formatFilesList,
  formatIdentLines,
  formatInstallHookStatus,
  formatKeyValues,
  formatMetafile,
  formatPathList,
  isMetafile,
  isService,
  MAX_METAFILE_BYTES,
  type Metafile,
  parseBindDeclarations,
  parseBindMap,
  parseCompositeType,
  parseExposes,
  parseFilesList,
  parseFuzzyIdentLines,
  parseHartMetadata,
  parseIdentLines,
  parseIdentMetafile,
  parseInstallHookStatus,
  parseKeyValues,
  parsePackageType,
  parsePathList,
  parseShutdownSignal,
  parseShutdownTimeout,
  parseTargetMetafile,
  SHUTDOWN_SIGNALS,
} from '../src/index.ts';

const ZEE = 'acme/zee/1.2/20200101000000';
const malformed = (action: () => unknown): unknown => thrownBy(action);
const isMalformed = (metafile: string, line?: string) => ({
  code: 'HART_METAFILE_MALFORMED',
  details: line === undefined ? { metafile } : { metafile, line },
});

describe('lists of packages', () => {
  test('order and repetitions are kept, blank lines and blanks do not matter', () => {
    const text = `\n ${ZEE} \r\n\nacme/a/1/2\n${ZEE}\n\n`;
    expect(parseIdentLines('TDEPS', text)).toEqual([ZEE, 'acme/a/1/2', ZEE].map(parseFullIdent));
    expect(formatIdentLines([parseFullIdent(ZEE), parseIdent('a/b')])).toBe(`${ZEE}\na/b\n`);
    expect(parseIdentLines('DEPS', '')).toEqual([]);
    expect(formatIdentLines([])).toBe('');
  });

  test.for(['zee', 'acme/zee', 'acme/zee/1', 'a/b/c/d/e'])('%s is not fully qualified', (line) => {
    expect(malformed(() => parseIdentLines('DEPS', `${ZEE}\n${line}\n`))).toMatchObject(isMalformed('DEPS', line));
  });

  test('members of a composite need not be qualified', () => {
    expect(parseFuzzyIdentLines('SERVICES', 'a/b\na/c/1\n')).toEqual([parseIdent('a/b'), parseIdent('a/c/1')]);
    expect(malformed(() => parseFuzzyIdentLines('SERVICES', 'b'))).toMatchObject(isMalformed('SERVICES', 'b'));
  });

  test('identity', () => {
    expect(parseIdentMetafile(`${ZEE}\n`)).toEqual(parseFullIdent(ZEE));
    expect(parseTargetMetafile(' x86_64-linux-kernel2\n')).toBe('x86_64-linux-kernel2');
    expect(malformed(() => parseIdentMetafile('a/b'))).toMatchObject(isMalformed('IDENT', 'a/b'));
    expect(malformed(() => parseTargetMetafile('X86_64-linux'))).toMatchObject(isMalformed('TARGET', 'X86_64-linux'));
  });
});

describe('keys and values', () => {
  test('the first = counts, the last of equal keys wins, the text is sorted', () => {
    const values = parseKeyValues('RUNTIME_ENVIRONMENT', 'B=1=2\nA=\nB=x y\n=odd\n');
    expect([...values]).toEqual([
      ['B', 'x y'],
      ['A', ''],
      ['', 'odd'],
    ]);
    expect(formatKeyValues(values)).toBe('=odd\nA=\nB=x y\n');
  });

  test('a line without = is malformed, in EXPORTS too', () => {
    expect(malformed(() => parseKeyValues('EXPORTS', 'port=a.b\nhost\n'))).toMatchObject(
      isMalformed('EXPORTS', 'host'),
    );
  });

  test('a prototype is no value', () => {
    expect(parseKeyValues('EXPORTS', '__proto__=x\nconstructor=y').get('__proto__')).toBe('x');
  });
});

test('binds: what follows a second = is ignored', () => {
  const binds = parseBindDeclarations('BINDS', 'db=port host\ncache=  port=more\nnone=\n');
  expect(binds).toEqual([
    { name: 'db', exports: ['port', 'host'] },
    { name: 'cache', exports: ['port'] },
    { name: 'none', exports: [] },
  ]);
  expect(formatBindDeclarations(binds)).toBe('cache=port\ndb=port host\nnone=\n');
  expect(malformed(() => parseBindDeclarations('BINDS_OPTIONAL', 'db'))).toMatchObject(
    isMalformed('BINDS_OPTIONAL', 'db'),
  );
});

test('exposed ports', () => {
  expect(parseExposes(' 80\n8080\t65535 0')).toEqual([80, 8080, 65_535, 0]);
  expect(formatExposes([80, 443])).toBe('80 443\n');
  expect(formatExposes([])).toBe('');
  for (const word of ['65536', '-1', '80a', '1e3', '999999999999']) {
    expect(malformed(() => parseExposes(`80 ${word}`))).toMatchObject(isMalformed('EXPOSES', word));
  }
});

test('path lists', () => {
  expect(parsePathList('/a/bin::/b/bin:\n')).toEqual(['/a/bin', '/b/bin']);
  expect(parsePathList('C:\\a;C:\\b', ';')).toEqual(['C:\\a', 'C:\\b']);
  expect(formatPathList(['/a', '/b'])).toBe('/a:/b\n');
  expect(formatPathList([])).toBe('');
});

describe('services', () => {
  test('shutdown', () => {
    for (const signal of SHUTDOWN_SIGNALS) expect(parseShutdownSignal(`${signal}\n`)).toBe(signal);
    for (const text of ['term', 'SIGTERM', '', '15']) {
      expect(malformed(() => parseShutdownSignal(text))).toMatchObject(isMalformed('SHUTDOWN_SIGNAL', text));
    }
    expect([parseShutdownTimeout('0'), parseShutdownTimeout('4294967295\n')]).toEqual([0, 4_294_967_295]);
    for (const text of ['4294967296', '-1', '8s', '', '1.5']) {
      expect(malformed(() => parseShutdownTimeout(text))).toMatchObject(isMalformed('SHUTDOWN_TIMEOUT', text));
    }
  });

  test('types', () => {
    expect([parsePackageType('native\n'), parsePackageType('standard')]).toEqual(['native', 'standard']);
    expect([parseCompositeType('composite'), parseCompositeType('standalone\n')]).toEqual(['composite', 'standalone']);
    expect(malformed(() => parsePackageType('odd'))).toMatchObject(isMalformed('PACKAGE_TYPE', 'odd'));
    expect(malformed(() => parseCompositeType('odd'))).toMatchObject(isMalformed('TYPE', 'odd'));
  });

  test('bind maps of composites', () => {
    const map = parseBindMap('acme/web=db:acme/postgresql cache:acme/redis\nacme/api=db:acme/postgresql/9\n');
    expect(map.get('acme/web')).toEqual([
      { bind: 'db', satisfiedBy: parseIdent('acme/postgresql') },
      { bind: 'cache', satisfiedBy: parseIdent('acme/redis') },
    ]);
    expect(
      formatBindMap(
        new Map([
          ['b', ['x:a/y']],
          ['a', ['x:a/y', 'z:a/w']],
        ]),
      ),
    ).toBe('a=x:a/y z:a/w\nb=x:a/y\n');
    for (const text of ['acme/web', 'acme/web=db', 'acme/web=db:redis']) {
      expect(malformed(() => parseBindMap(text))).toMatchObject(isMalformed('BIND_MAP'));
    }
  });

  test('status of the install hook', () => {
    expect([parseInstallHookStatus('0'), parseInstallHookStatus('-1\nmore'), parseInstallHookStatus(' 7 \n')]).toEqual([
      0, -1, 7,
    ]);
    expect(formatInstallHookStatus(3)).toBe('3');
    for (const text of ['', 'ok', '1x', '99999999999']) {
      expect(malformed(() => parseInstallHookStatus(text))).toMatchObject(isMalformed('INSTALL_HOOK_STATUS'));
    }
  });
});

test('lists of files', () => {
  const hash = 'ab'.repeat(32);
  const files = [
    { path: '/hab/b c', hash },
    { path: '/hab/a', hash },
    { path: '/hab/Z', hash },
  ];
  const text = formatFilesList(files);
  expect(text).toBe(`${hash}  /hab/Z\n${hash}  /hab/a\n${hash}  /hab/b c\n`);
  expect(parseFilesList(text)).toHaveLength(3);
  for (const line of [hash, `${hash} /a`, `${hash}  a`, `${'x'.repeat(64)}  /a`, `${hash}   /a`]) {
    expect(malformed(() => parseFilesList(line))).toMatchObject(isMalformed('FILES'));
  }
});

describe('contents', () => {
  test('nothing is no metafile, something ends in one newline', () => {
    expect([formatMetafile(''), formatMetafile(' \n'), formatMetafile('a\n\n'), formatMetafile('a')]).toEqual([
      undefined,
      undefined,
      'a\n',
      'a\n',
    ]);
  });

  test('UTF-8 alone, up to the limit', () => {
    expect(decodeMetafile('MANIFEST', new TextEncoder().encode(' é \n'))).toBe('é');
    expect(thrownBy(() => decodeMetafile('MANIFEST', Uint8Array.of(0xc3)))).toMatchObject(isMalformed('MANIFEST'));
    expect(decodeMetafile('MANIFEST', new Uint8Array(MAX_METAFILE_BYTES).fill(120))).toHaveLength(MAX_METAFILE_BYTES);
    expect(thrownBy(() => decodeMetafile('MANIFEST', new Uint8Array(MAX_METAFILE_BYTES + 1)))).toMatchObject({
      code: 'HART_LIMIT_EXCEEDED',
    });
  });

  test('errors show control characters escaped and long lines shortened', () => {
    const error = thrownBy(() => parseIdentLines('DEPS', `\u001b[31m${'x'.repeat(5000)}`)) as Error;
    expect(error.message).not.toContain('\u001b');
    expect(error.message.length).toBeLessThan(300);
  });

  test('names', () => {
    expect([isMetafile('IDENT'), isMetafile('default.toml'), isMetafile('ident'), isMetafile('VERSION')]).toEqual([
      true,
      true,
      false,
      false,
    ]);
  });
});

describe('metadata of an artifact', () => {
  const texts = (more: Record<string, string>): Map<Metafile, string> =>
    new Map(Object.entries({ IDENT: ZEE, TARGET: 'x86_64-linux', MANIFEST: '#', ...more }) as [Metafile, string][]);

  test('a composite of 0.64', () => {
    const metadata = parseHartMetadata(texts({ TYPE: 'composite', SERVICES: 'a/b\na/c', RESOLVED_SERVICES: ZEE }));
    expect(metadata).toMatchObject({ compositeType: 'composite', services: ['a/b', 'a/c'] });
    expect(metadata.resolvedServices).toEqual([parseFullIdent(ZEE)]);
    expect(isService(metadata)).toBe(false);
    expect(isService(parseHartMetadata(texts({ SVC_USER: 'hab' })))).toBe(true);
  });

  test.for(['IDENT', 'TARGET', 'MANIFEST'] as const)('%s is required', (metafile) => {
    const some = texts({});
    some.delete(metafile);
    expect(thrownBy(() => parseHartMetadata(some))).toMatchObject({
      code: 'HART_METAFILE_NOT_FOUND',
      details: { metafile },
    });
  });
});
