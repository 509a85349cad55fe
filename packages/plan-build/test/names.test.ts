import { describe, expect, test } from 'vitest';
import { nameExtension, unpackSteps } from '../src/archive.ts';
import { binaryKind } from '../src/binary-kind.ts';
import { sourceFilename } from '../src/derived.ts';
import { hookFiles, hookName } from '../src/hook-files.ts';
import { matchesName } from '../src/name-pattern.ts';
import { dedupePathList, pushToPathList } from '../src/path-list.ts';
import { proxyFor, redactUrl } from '../src/proxy.ts';
import { isColoured, readBuildSettings } from '../src/settings.ts';
import { startScriptText } from '../src/start-script.ts';

describe('name patterns', () => {
  const cases: [string, string, boolean][] = [
    ['*.sw?', '.a.swp', true],
    ['*.sw?', 'a.sw', false],
    ['*~', 'file~', true],
    ['*.bak', 'skip.bak', true],
    ['*.bak', 'skip.bak2', false],
    ['a*b*c', 'aXbYbZc', true],
    ['[abc]x', 'bx', true],
    ['[!abc]x', 'bx', false],
    ['[a-c]?', 'bz', true],
    ['[]]', ']', true],
    ['\\*', '*', true],
    ['\\*', 'a', false],
    ['[', '[', true],
    ['', '', true],
    ['*', '', true],
  ];
  test.for(cases)('%j on %j: %s', ([pattern, name, expected]) => {
    expect(matchesName(name, pattern)).toBe(expected);
  });

  test('no pattern makes a match slow', () => {
    expect(matchesName('a'.repeat(5000), `${'*a'.repeat(200)}b`)).toBe(false);
  });
});

describe('archives', () => {
  const kinds: [string, string[], string][] = [
    ['a-1.0.tar.gz', ['tar', 'gzip'], 'xf ./a-1.0.tar.gz --no-same-owner'],
    ['a.tgz', ['tar', 'gzip'], 'xf'],
    ['a.tar.bz2', ['tar', 'bzip2'], 'xf'],
    ['a.tbz2', ['tar', 'bzip2'], 'xf'],
    ['a.tar', ['tar'], 'xf'],
    ['a.tar.xz', ['tar', 'xz'], 'xf'],
    ['a.xz', ['tar', 'xz'], 'else command xz -dc ./a.xz >./a;'],
    ['a.tar.zst', ['tar', 'zstd'], 'xf'],
    ['a.tar.lz', ['tar', 'lzip'], 'xf'],
    ['a.bz2', ['bzip2'], '>./a.part'],
    ['a.gz', ['gzip'], 'gzip -dc ./a.gz'],
    ['a.Z', ['gzip'], 'gzip -dc ./a.Z'],
    ['a.zip', ['unzip'], 'unzip -o ./a.zip'],
    ['a.7z', ['7z'], '7z x -y'],
    ['a.rar', ['rar'], 'rar x'],
    ['a.deb', ['dpkg-deb'], 'dpkg-deb -x ./a.deb /cache/a'],
    ['a.jar', [], 'cp -f ./a.jar /cache/a/'],
    ['a.rpm', ['rpm2cpio', 'cpio'], 'rpm2cpio ./a.rpm | (builtin cd /cache/a && command cpio -idm --quiet)'],
    ['a.tar.lzma', ['tar', 'xz'], 'xf'],
    ['a.lzma', ['xz'], 'xz --format=lzma -dc ./a.lzma'],
    ['a.zst', ['zstd'], 'zstd -dcq ./a.zst'],
    ['a.pem', [], 'cp -f ./a.pem /cache/a/'],
  ];
  test.for(kinds)('%s', ([name, tools, part]) => {
    const steps = unpackSteps(name, '/cache/a');
    expect(steps?.tools).toEqual(tools);
    expect(steps?.script).toContain(part);
  });

  test.for(['a.xyz', 'a', '.zip', 'targz', 'a.tar.gz?x=1'])('%s is unknown', (name) => {
    expect(unpackSteps(name, '/cache/a')).toBeUndefined();
  });

  test('a hostile name is one word', () => {
    expect(unpackSteps("-C'$(id).zip", '/c')?.script).toBe("command unzip -o './-C'\\''$(id).zip'");
  });

  test('extensions and file names', () => {
    expect(nameExtension('foo.bar.xyz')).toBe('xyz');
    expect(sourceFilename('https://x/y/z-1.0.tar.gz')).toBe('z-1.0.tar.gz');
    expect(sourceFilename('https://x/y?file=a')).toBe('y?file=a');
    expect(sourceFilename('https://x/y/')).toBe('y');
  });
});

describe('binaries', () => {
  const elf = (type: number, little = true): Uint8Array => {
    const bytes = new Uint8Array(20);
    bytes.set([0x7f, 0x45, 0x4c, 0x46, 2, little ? 1 : 2]);
    new DataView(bytes.buffer).setUint16(16, type, little);
    return bytes;
  };
  test('are told apart by their first bytes', () => {
    expect(binaryKind(elf(2))).toBe('executable');
    expect(binaryKind(elf(3, false))).toBe('shared');
    expect(binaryKind(elf(1))).toBeUndefined();
    expect(binaryKind(new TextEncoder().encode('!<arch>\nlibz'))).toBe('archive');
    expect(binaryKind(new TextEncoder().encode('#!/bin/sh\nexec something'))).toBeUndefined();
    expect(binaryKind(elf(2).subarray(0, 19))).toBeUndefined();
    expect(binaryKind(new Uint8Array(0))).toBeUndefined();
  });
});

test('a hook is named by its file without the last extension', () => {
  expect(['run', 'run.sh', 'health-check.py', '.hidden', 'a.b.c'].map(hookName)).toEqual([
    'run',
    'run',
    'health-check',
    '.hidden',
    'a.b',
  ]);
  expect([...hookFiles(['init', 'run.sh'])]).toEqual([
    ['init', 'init'],
    ['run', 'run.sh'],
  ]);
});

test('lists of paths', () => {
  expect(dedupePathList('a:b:c:b:a')).toBe('a:b:c');
  expect(dedupePathList('a;b;;a', ';')).toBe('a;b');
  expect(pushToPathList('x:y', 'y:z')).toBe('x:y:z');
  expect(pushToPathList('foo', '')).toBe('foo');
});

describe('proxies', () => {
  const env = {
    http_proxy: 'http://proxy:3128',
    HTTPS_PROXY: 'secure:3129',
    no_proxy: 'localhost,.corp.example,host:81',
  };
  const cases: [string, string | undefined][] = [
    ['http://a.example/x', 'http://proxy:3128/'],
    ['https://a.example/x', 'http://secure:3129/'],
    ['http://localhost/x', undefined],
    ['http://a.corp.example/', undefined],
    ['http://corp.example/', undefined],
    ['http://notcorp.example/', 'http://proxy:3128/'],
    ['http://host/', 'http://proxy:3128/'],
    ['http://host:81/', undefined],
    ['ftp://a.example/', undefined],
  ];
  test.for(cases)('%s: %s', ([url, proxy]) => {
    expect(proxyFor(new URL(url), env)?.href).toBe(proxy);
  });

  test('a star exempts everything; all_proxy serves every scheme', () => {
    expect(proxyFor(new URL('http://a/'), { ...env, no_proxy: '*' })).toBeUndefined();
    expect(proxyFor(new URL('ftp://a/'), { all_proxy: 'http://p:1' })?.host).toBe('p:1');
  });

  test('addresses are shown without secrets', () => {
    expect(redactUrl('https://user:pa55@host/x@y')).toBe('https://host/x@y');
    expect(redactUrl('https://host/x@y')).toBe('https://host/x@y');
  });
});

describe('settings', () => {
  test('of an empty environment', () => {
    expect(readBuildSettings({})).toEqual({
      builderUrl: 'https://bldr.habitat.sh',
      channel: 'stable',
      refreshChannel: 'stable',
      fallbackChannel: 'stable',
      ignoreLocal: 'core-and-chef',
      installDependencies: true,
      origin: undefined,
      outputPath: undefined,
      sourcePath: undefined,
      keyPath: undefined,
      compressionLevel: 6,
      configExclude: ['*.sw?', '*~', '*.bak'],
      native: false,
      noColoring: false,
      noninteractive: false,
      terminal: '',
      target: undefined,
      check: false,
      debug: false,
      inStudio: false,
      sourceDateEpoch: undefined,
    });
  });

  test.for([
    ['true', false],
    ['1', false],
    ['false', true],
    ['', true],
  ] as const)('NO_INSTALL_DEPS=%j', ([value, installs]) => {
    expect(readBuildSettings({ NO_INSTALL_DEPS: value }).installDependencies).toBe(installs);
  });

  test('the exclusion list replaces the defaults', () => {
    expect(readBuildSettings({ HAB_CONFIG_EXCLUDE: '*.orig,,x' }).configExclude).toEqual(['*.orig', 'x']);
  });

  test.for([
    ['xterm', true],
    ['xterm-256color', true],
    ['rxvt', true],
    ['screen-256color', true],
    ['tmux-256color', false],
    ['dumb', false],
    ['', false],
  ] as const)('TERM=%s', ([terminal, coloured]) => {
    expect(isColoured(readBuildSettings({ TERM: terminal }))).toBe(coloured);
    expect(isColoured(readBuildSettings({ TERM: terminal, HAB_NOCOLORING: 'true' }))).toBe(false);
  });
});

test('the start script quotes what is not the command', () => {
  const text = startScriptText({
    command: 'front --listen /hab/svc/front/config/front.conf',
    serviceDirectory: '/hab/svc/front',
    dataDirectory: "/hab/svc/it's",
    user: 'root',
    group: 'a b',
  });
  expect(text.split('\n')[0]).toBe('#!/bin/sh');
  expect(text).toContain("export HOME='/hab/svc/it'\\''s'\n");
  expect(text).toContain("exec chpst -U 'root:a b' -u 'root:a b' front --listen");
});
