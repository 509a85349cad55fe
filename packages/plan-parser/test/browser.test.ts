import { fileURLToPath } from 'node:url';
import { createContext, runInContext } from 'node:vm';
import { gzipSync } from 'node:zlib';

import { build } from 'vite';
import { beforeAll, expect, test } from 'vitest';

/** Agreed size of the reader of bash with its dependencies, minified and compressed. */
const MAX_GZIP_BYTES = 60_000;

let bundle: string;

beforeAll(async () => {
  const result = await build({
    configFile: false,
    logLevel: 'silent',
    build: {
      write: false,
      minify: true,
      target: 'es2023',
      lib: { entry: fileURLToPath(new URL('../src/index.ts', import.meta.url)), formats: ['iife'], name: 'planParser' },
    },
  });
  const [output] = Array.isArray(result) ? result : [];
  bundle = output?.output.map((chunk) => ('code' in chunk ? chunk.code : '')).join('') ?? '';
}, 60_000);

test('is small', () => {
  expect(bundle.length).toBeGreaterThan(10_000);
  expect(gzipSync(bundle, { level: 9 }).length).toBeLessThanOrEqual(MAX_GZIP_BYTES);
});

test('names nothing of Node and makes no code from text', () => {
  expect(
    /["'`]node:|\brequire\(|\bprocess\.|\bBuffer\b|(?<![.\w])eval\(|\bnew Function\b/.exec(bundle)?.[0],
  ).toBeUndefined();
});

test('runs where only the language and the web are, under a strict policy', () => {
  const page = createContext({ TextDecoder }, { codeGeneration: { strings: false, wasm: false } });
  runInContext(`${bundle}\nglobalThis.planParser = planParser;`, page);
  const value: unknown = runInContext(
    `planParser.readBashPlan('pkg_name=x\\npkg_deps=(core/\${pkg_name}{1,2})\\n').settings.get('pkg_deps').value.join(' ')`,
    page,
  );
  expect(value).toBe('core/x1 core/x2');
});
