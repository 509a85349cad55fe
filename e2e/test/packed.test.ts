import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';

import { checkout, run } from './harness.ts';

/** One thing each library is for, as a consumer from outside would use it. */
const USES: Readonly<Record<string, readonly [string, string]>> = {
  '@hab/core': ["createLayout({ home: '/h' }).keyCache", '/h/.hab/cache/keys'],
  '@hab/ident': ["formatIdent(parseIdent('acme/redis/1.0'))", 'acme/redis/1.0'],
  '@hab/crypto-keys': ["formatNamedRevision(parseNamedRevision('a-20200101000000'))", 'a-20200101000000'],
  '@hab/hart': ["String(isMetafile('DEPS'))", 'true'],
  '@hab/plan-parser': ["readBashPlan('pkg_name=x').settings.get('pkg_name').value", 'x'],
  '@hab/plan-init': ["detectApplication(['Gemfile']).title", 'Ruby'],
  '@hab/templating': ["renderTemplate('{{cfg.x}}', toConfigTable({ cfg: { x: 1 } }))", '1'],
  '@hab/census': ['String(encodeRumorFile(EMPTY_STORE).length)', '65'],
  '@hab/ctl': ["decodeMessage('NetOk', new Uint8Array()).type", 'NetOk'],
  '@hab/launcher': ["formatOutputLine('a.b', 'O', 'x', { format: 'text', color: false }).trim()", 'a.b(O): x'],
  '@hab/services': ['healthOfExit(1)', 'Warning'],
  '@hab/plan-lint': ["lintPlan(createPlanSources([['hooks/runn', '#!/bin/sh']]))[0].hint", 'Did you mean run?'],
  '@hab/plan-build': ['typeof planApi', 'object'],
  '@hab/store': ['typeof storeApi', 'object'],
};

const libraries = readdirSync(join(checkout, 'packages')).map((folder) => {
  const path = join(checkout, 'packages', folder);
  const manifest = JSON.parse(readFileSync(join(path, 'package.json'), 'utf8')) as { name: string };
  return { path, name: manifest.name };
});

/** Names that an expression uses; the two namespaces stand for a whole library. */
const namesIn = (expression: string): string[] =>
  [...new Set(expression.match(/(?<![.\w])[A-Za-z]\w+(?=\()|\bEMPTY_STORE\b/g) ?? [])].filter(
    (name) => name !== 'String' && name !== 'Uint8Array',
  );

function consumer(kind: 'import' | 'require'): string {
  const lines = libraries.map(({ name }, index) => {
    const [expression = '', expected = ''] = USES[name] ?? [];
    const namespace = /typeof (\w+)/.exec(expression)?.[1];
    const names = namespace === undefined ? `{ ${namesIn(expression).join(', ')} }` : namespace;
    const load =
      kind === 'require'
        ? `const ${names} = require('${name}');`
        : namespace === undefined
          ? `import ${names} from '${name}';`
          : `import * as ${names} from '${name}';`;
    return [load, `results.push(['${name}', ${expression}, ${JSON.stringify(expected)}]); // ${index}`];
  });
  const loads = lines.map(([load]) => load).join('\n');
  const uses = lines.map(([, use]) => use).join('\n');
  return `${loads}\nconst results = [];\n${uses}\nconsole.log(JSON.stringify(results));\n`;
}

test('every library works from its packed tarball, imported and required, together', async () => {
  expect(libraries.map(({ name }) => name).filter((name) => !(name in USES))).toEqual([]);
  const folder = mkdtempSync(join(tmpdir(), 'hab-consumer-'));
  for (const { path } of libraries) {
    const packed = await run('pnpm', ['pack', '--pack-destination', folder], { cwd: path });
    expect(packed, packed.stderr).toMatchObject({ code: 0 });
  }
  const tarballs = readdirSync(folder).filter((file) => file.endsWith('.tgz'));
  expect(tarballs).toHaveLength(libraries.length);
  const dependencies = Object.fromEntries(
    libraries.map(({ name }) => {
      const stem = name.replace('@', '').replace('/', '-');
      return [name, `file:./${tarballs.find((file) => new RegExp(`^${stem}-\\d`).test(file))}`];
    }),
  );
  writeFileSync(
    join(folder, 'package.json'),
    JSON.stringify({ name: 'consumer', version: '1.0.0', private: true, dependencies }),
  );
  const overrides = Object.entries(dependencies).map(([name, file]) => `  '${name}': ${file}`);
  writeFileSync(join(folder, 'pnpm-workspace.yaml'), `pmOnFail: ignore\noverrides:\n${overrides.join('\n')}\n`);
  const installed = await run('pnpm', ['install', '--prefer-offline', '--ignore-scripts'], { cwd: folder });
  expect(installed.code, installed.stdout + installed.stderr).toBe(0);
  for (const [kind, file] of [
    ['import', 'consumer.mjs'],
    ['require', 'consumer.cjs'],
  ] as const) {
    writeFileSync(join(folder, file), consumer(kind));
    const result = await run(process.execPath, [file], { cwd: folder });
    expect(result.code, result.stderr).toBe(0);
    for (const [name, got, expected] of JSON.parse(result.stdout)) expect([name, got]).toEqual([name, expected]);
  }
});
