import { fileURLToPath } from 'node:url';
import { createContext, runInContext } from 'node:vm';
import { gzipSync } from 'node:zlib';

import { build } from 'vite';
import { beforeAll, expect, test } from 'vitest';

/** Agreed are 40,000 for the main entry with its dependencies, minified and compressed; what comes next finds room. */
const MAX_GZIP_BYTES = 39_500;

let bundle: string;

beforeAll(async () => {
  const result = await build({
    configFile: false,
    logLevel: 'silent',
    build: {
      write: false,
      minify: true,
      target: 'es2023',
      lib: { entry: fileURLToPath(new URL('../src/index.ts', import.meta.url)), formats: ['iife'], name: 'templating' },
    },
  });
  const [output] = Array.isArray(result) ? result : [];
  bundle = output?.output.map((chunk) => ('code' in chunk ? chunk.code : '')).join('') ?? '';
});

test('is small', () => {
  expect(bundle.length).toBeGreaterThan(10_000);
  expect(gzipSync(bundle, { level: 9 }).length).toBeLessThanOrEqual(MAX_GZIP_BYTES);
});

test('names nothing of Node and makes no code from text', () => {
  expect(bundle).not.toMatch(/\bnode:|\brequire\(|\bprocess\.|\bBuffer\b|\beval\(|\bnew Function\b/);
});

test('runs where only the language and the web are, under a strict policy', () => {
  const page = createContext({ TextDecoder }, { codeGeneration: { strings: false, wasm: false } });
  runInContext(`${bundle}\nglobalThis.templating = templating;`, page);
  const text: unknown = runInContext(
    `const { renderTemplate, parseToml, TEMPLATE_DIALECTS } = templating;
     const context = new Map([['cfg', parseToml('list = [1, 2.0]\\nwhen = 2018-07-10')]]);
     TEMPLATE_DIALECTS.map((dialect) => renderTemplate('{{#each cfg.list}}{{this}};{{/each}}{{toJson cfg.when}}', context, { dialect })).join('|')`,
    page,
  );
  const table = '{\n  "$__toml_private_datetime": "2018-07-10"\n}';
  expect(text).toBe(`1;2.0;"2018-07-10"|1;2.0;${table}|1;2.0;${table}`);
  expect(() => runInContext('eval("1")', page)).toThrow('Code generation from strings disallowed');
});
