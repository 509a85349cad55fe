import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { NOTHING, World } from './support/world.ts';

let world: World;
beforeEach(async () => {
  world = await new World().start();
});
afterEach(() => {
  world[Symbol.dispose]();
});

describe('sources', () => {
  /** A project in the usual shape: configure, make, make install, make check. */
  function tarball(
    top: string,
    command: readonly string[] = ['tar', 'czf'],
    name = `${top}.tar.gz`,
  ): { path: string; sha256: string } {
    const directory = world.write(`sources/${top}`, {
      configure: '#!/bin/sh\nfor a; do case $a in --prefix=*) echo "PREFIX=${a#--prefix=}" > config.mk;; esac; done\n',
      Makefile:
        'include config.mk\nall: hello\nhello: hello.c\n\tcc -g -o hello hello.c\ncheck: hello\n\t./hello | grep -q hi\ninstall: hello\n\tinstall -D hello $(PREFIX)/bin/hello\n\tinstall -D -m 0755 hello $(PREFIX)/bin/kept && chmod 0555 $(PREFIX)/bin/kept\n',
      'hello.c': '#include <stdio.h>\nint main(void) { puts("hi"); return 0; }\n',
      'build-aux/ltmain.sh': 'before\n  eval sys_lib_search_path=/usr/lib\nafter eval sys_lib_dlsearch_path= x\n',
    });
    chmodSync(join(directory, 'configure'), 0o755);
    const path = join(world.root, name);
    execFileSync(command[0] ?? '', [...command.slice(1), path, top], {
      cwd: join(world.root, 'sources'),
      stdio: 'ignore',
    });
    return { path, sha256: execFileSync('sha256sum', [path], { encoding: 'utf8' }).slice(0, 64) };
  }

  test('a project from a web server is fetched, configured, made, checked, installed and stripped', async () => {
    const { path, sha256 } = tarball('hello-1.0');
    const server = createServer((_request, response) => response.end(readFileSync(path)));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hello-1.0.tar.gz`;
    const body = `pkg_source=${url}\npkg_shasum=${sha256.toUpperCase()}\npkg_bin_dirs=(bin)\ndo_check() { make check; }\n`;
    const { built, output } = await world.builds(world.plan('hello', body), { DO_CHECK: '1' });
    server.close();
    expect(execFileSync(join(built.prefix, 'bin/hello'), { encoding: 'utf8' })).toBe('hi\n');
    expect(output).toContain('Running post-compile tests');
    const kinds = execFileSync('file', ['-b', join(built.prefix, 'bin/hello'), join(built.prefix, 'bin/kept')], {
      encoding: 'utf8',
    });
    expect(kinds.split('\n')[0]).toContain(', stripped');
    expect(kinds.split('\n')[1]).toContain('not stripped');
    const fixed = readFileSync(join(world.layout.sourceCache, 'hello-1.0/build-aux/ltmain.sh'), 'utf8');
    expect(fixed).toBe('before\n  \nafter \n');
    expect(existsSync(join(world.layout.sourceCache, 'hello-1.0.tar.gz'))).toBe(true);
  });

  describe('mirrors', () => {
    /** A web server with this answer for every path. */
    async function serve(answer: (response: ServerResponse) => void): Promise<string> {
      const server = createServer((_request, response) => answer(response));
      servers.push(server);
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      return `127.0.0.1:${(server.address() as AddressInfo).port}/hello-1.0.tar.gz`;
    }
    const servers: Server[] = [];
    afterEach(() => {
      for (const server of servers.splice(0)) server.close();
    });

    test('are asked one after the other; passwords in addresses are shown nowhere', async () => {
      const { path, sha256 } = tarball('hello-1.0');
      const gone = await serve((response) => response.writeHead(404).end());
      const other = await serve((response) => response.end('something else'));
      const good = await serve((response) => response.end(readFileSync(path)));
      const body = `pkg_source=http://ann:secret1@${gone}\npkg_source_mirrors=(http://ann:secret2@${other} http://ann:secret3@${good} http://never.invalid/)\npkg_shasum=${sha256}\n`;
      const { built, output, errors, read } = await world.builds(world.plan('hello', body), {}, { log: true });
      expect(errors).toContain(
        `Downloading 'http://${gone}' failed: The server answered 404 Not Found; trying the next mirror`,
      );
      expect(errors).toContain(`'http://${other}' has another file, with checksum `);
      expect(output).toContain(`Downloading 'http://${good}' to 'hello-1.0.tar.gz'`);
      expect(output + errors).not.toMatch(/secret|never\.invalid/);
      expect(read('MANIFEST')).not.toContain('secret');
      const texts = readdirSync(world.results, { recursive: true, withFileTypes: true }).filter(
        (entry) => entry.isFile() && !entry.name.endsWith('.hart'),
      );
      expect(texts.map(({ name }) => name)).toContain('last_build.json');
      for (const { parentPath, name } of texts) {
        expect(readFileSync(join(parentPath, name), 'latin1')).not.toContain('secret');
      }
      expect(built.status).toBe(0);
    });

    test('count for nothing without a checksum', async () => {
      const gone = await serve((response) => response.writeHead(404).end());
      const good = await serve((response) => response.end('x'));
      const body = `pkg_source=http://${gone}\npkg_source_mirrors=(http://${good})\n`;
      const { result, output } = await world.build(world.plan('hello', body));
      expect(result).toMatchObject({ status: 8, error: { code: 'BUILD_DOWNLOAD_FAILED' } });
      expect(output).not.toContain(good);
    });

    test('a plan may have another way when a download, a checksum or an archive fails', async () => {
      const gone = await serve((response) => response.writeHead(404).end());
      const good = await serve((response) => response.end('x'));
      const body = `
do_download() {
    download_file http://${gone} a abc || echo "download $?"
    if ! verify_file a abc; then echo "verify failed"; fi
    download_file http://${good} a ''
}
do_verify() { verify_file a abc || echo "verify $?"; }
do_unpack() {
    unpack_file nothing.tar.gz || echo "unpack $?"
    unpack_file a || echo "format $?"
}
${NOTHING}`;
      const { output } = await world.builds(world.plan('hello', body));
      for (const line of ['download 8', 'verify failed', 'verify 1', 'unpack 1']) expect(output).toContain(`${line}\n`);
      const unguarded = await world.build(world.plan('hello', `do_unpack() {\n  unpack_file nothing.tar.gz\n}\n`));
      expect(unguarded.output).toMatch(/'nothing.tar.gz' is not a valid file![\s\S]* {2}at \S+plan.sh:5 \(do_unpack\)/);
    });

    test('that all fail: the last one is what the build ends with', async () => {
      const gone = await serve((response) => response.writeHead(404).end());
      const body = `pkg_source=http://${gone}\npkg_source_mirrors=(gopher://x/y)\npkg_shasum=abc\n`;
      const { result } = await world.build(world.plan('hello', body));
      expect(result).toMatchObject({
        status: 1,
        error: { code: 'BUILD_DOWNLOAD_FAILED', details: { url: 'gopher://x/y' } },
      });
      expect(readdirSync(world.layout.sourceCache)).toEqual([]);
    });
  });

  test('every default can be called by the callback that replaces it', async () => {
    const { path, sha256 } = tarball('hello-1.0');
    const callbacks =
      'begin before download verify clean unpack prepare build install build_config build_service strip after end'.split(
        ' ',
      );
    const body = callbacks.map((name) => `do_${name}() { do_default_${name}; echo "did ${name}"; }\n`).join('');
    const head = `pkg_source=${pathToFileURL(path).href}\npkg_shasum=${sha256}\npkg_svc_run=hello\n`;
    const { built, output, read } = await world.builds(world.plan('hello', head + body, { 'default.toml': 'a = 1\n' }));
    expect(output.match(/did \w+/g)).toEqual(callbacks.map((name) => `did ${name}`));
    expect(existsSync(join(built.prefix, 'bin/hello'))).toBe(true);
    expect(read('default.toml')).toBe('a = 1\n');
    expect(read('run')).toContain('hello');
  });

  test('a second build uses what the first one fetched', async () => {
    const { path, sha256 } = tarball('hello-1.0');
    const body = `pkg_source=${pathToFileURL(path).href}\npkg_shasum=${sha256}\n`;
    await world.builds(world.plan('hello', body));
    execFileSync('rm', [path]);
    const { output } = await world.builds(join(world.root, 'hello'));
    expect(output).toContain("Found previous file 'hello-1.0.tar.gz', attempting to re-use");
    expect(output).toContain("Using cached and verified 'hello-1.0.tar.gz'");
  });

  test('a damaged file in the cache is fetched again', async () => {
    const { path, sha256 } = tarball('hello-1.0');
    mkdirSync(world.layout.sourceCache, { recursive: true });
    writeFileSync(join(world.layout.sourceCache, 'hello-1.0.tar.gz'), '');
    const { output } = await world.builds(
      world.plan('hello', `pkg_source=${pathToFileURL(path).href}\npkg_shasum=${sha256}\n`),
    );
    expect(output).toContain("Clearing previous 'hello-1.0.tar.gz' file and re-attempting download");
  });

  test.for([
    ['tar.bz2', ['tar', 'cjf']],
    ['tar.xz', ['tar', 'cJf']],
    ['tar.zst', ['tar', '--zstd', '-cf']],
    ['tar', ['tar', 'cf']],
    ['zip', ['zip', '-qr']],
  ] as const)('an archive of kind %s', async ([ending, command]) => {
    const { path, sha256 } = tarball('hello-1.0', command, `hello-1.0.${ending}`);
    const { built } = await world.builds(
      world.plan('hello', `pkg_source=${pathToFileURL(path).href}\npkg_shasum=${sha256}\n`),
    );
    expect(existsSync(join(built.prefix, 'bin/hello'))).toBe(true);
    expect(existsSync(join(world.layout.sourceCache, `hello-1.0.${ending}`))).toBe(true);
  });

  test.for([
    ['data.gz', 'gzip -k'],
    ['data.bz2', 'bzip2 -k'],
    ['data.xz', 'xz -k'],
    ['data.zst', 'zstd -q -k'],
  ] as const)('one compressed file, %s: unpacked beside the archive, twice', async ([name, compress]) => {
    const directory = world.write('sources', { data: 'content\n' });
    execFileSync('sh', ['-c', `${compress} ${join(directory, 'data')}`]);
    const body = `pkg_source=${pathToFileURL(join(directory, name)).href}\ndo_verify() { :; }\ndo_build() { :; }\ndo_install() { cp "$HAB_CACHE_SRC_PATH/data" "$pkg_prefix/"; }\n`;
    for (let round = 0; round < 2; round++) {
      const { read } = await world.builds(world.plan('data', body));
      expect(read('data')).toBe('content\n');
    }
    expect(existsSync(join(world.layout.sourceCache, name))).toBe(true);
  });

  test.for([
    ['tbz2', ['tar', 'cjf']],
    ['tgz', ['tar', 'czf']],
    ['tar.lzma', ['tar', '--lzma', '-cf']],
  ] as const)('an archive of kind %s, without its directory in the cache before', async ([ending, command]) => {
    const { path, sha256 } = tarball('hello-1.0', command, `hello-1.0.${ending}`);
    const body = `pkg_source=${pathToFileURL(path).href}\npkg_shasum=${sha256}\n`;
    expect((await world.builds(world.plan('hello', body))).built.status).toBe(0);
  });

  test('a Debian package is unpacked into the directory of the sources', async () => {
    const directory = world.write('deb', {
      'usr/bin/tool': '#!/bin/sh\n',
      'DEBIAN/control': 'Package: tool\nVersion: 1\nArchitecture: all\nMaintainer: A <a@b>\nDescription: x\n',
    });
    const path = join(world.root, 'tool.deb');
    execFileSync('dpkg-deb', ['--root-owner-group', '-b', directory, path], { stdio: 'ignore' });
    const body = `pkg_source=${pathToFileURL(path).href}\ndo_verify() { :; }\ndo_build() { :; }\ndo_install() { cp usr/bin/tool "$pkg_prefix/"; }\n`;
    expect((await world.builds(world.plan('tool', body))).read('tool')).toBe('#!/bin/sh\n');
  });

  test.for(['app.jar', 'certificates.pem', 'installer.run', 'data.json'])(
    'a plain file, %s, lies in the directory of the sources',
    async (name) => {
      const path = join(world.write('sources', { [name]: 'content\n' }), name);
      const body = `pkg_source=${pathToFileURL(path).href}\ndo_verify() { :; }\ndo_build() { [[ $PWD == "$CACHE_PATH" ]]; }\ndo_install() { cp ${name} "$pkg_prefix/"; }\n`;
      expect((await world.builds(world.plan('plain', body))).read(name)).toBe('content\n');
    },
  );

  test('a single directory with another name is found', async () => {
    const { path, sha256 } = tarball('Hello-v1.0-final');
    const { built, output } = await world.builds(
      world.plan('hello', `pkg_source=${pathToFileURL(path).href}\npkg_shasum=${sha256}\n`),
    );
    expect(output).toContain("The archive holds one directory, 'Hello-v1.0-final': building there");
    expect(existsSync(join(built.prefix, 'bin/hello'))).toBe(true);
  });

  test('a wrong pkg_dirname is told, with the right one', async () => {
    const { path, sha256 } = tarball('Hello-v1.0-final');
    const record = await world.build(
      world.plan('hello', `pkg_source=${pathToFileURL(path).href}\npkg_shasum=${sha256}\npkg_dirname=hello\n`),
    );
    expect(record.result.type).toBe('failed');
    expect(record.errors).toContain('set pkg_dirname=Hello-v1.0-final');
  });

  test('a tree of the user is never changed', async () => {
    const context = world.plan('local', NOTHING, { 'ltmain.sh': 'eval sys_lib_search_path=/usr/lib\n' });
    utimesSync(join(context, 'ltmain.sh'), 1000, 1000);
    await world.builds(context);
    expect(readFileSync(join(context, 'ltmain.sh'), 'utf8')).toBe('eval sys_lib_search_path=/usr/lib\n');
    expect(statSync(join(context, 'ltmain.sh')).mtimeMs).toBe(1_000_000);
  });

  test('do_clean leaves alone what holds more than this build', async () => {
    const other = join(world.layout.sourceCache, 'other');
    mkdirSync(other, { recursive: true });
    for (const assignment of ['pkg_dirname=', 'pkg_dirname=.', 'pkg_dirname=../..', 'pkg_dirname=../../../zee']) {
      const { errors } = await world.builds(world.plan('zee', `${assignment}\n${NOTHING}`));
      expect(errors).toContain('alone: removing it would take');
      expect(existsSync(other)).toBe(true);
    }
  });
});
