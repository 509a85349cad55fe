import { fileURLToPath } from 'node:url';
import { createContext, runInContext } from 'node:vm';
import { gzipSync } from 'node:zlib';

import { build } from 'vite';
import { beforeAll, expect, test } from 'vitest';

/** Agreed size of everything that lints a plan.sh, minified and compressed. */
const MAX_GZIP_BYTES = 180_000;

let bundle: string;

beforeAll(async () => {
  const result = await build({
    configFile: false,
    logLevel: 'silent',
    build: {
      write: false,
      minify: true,
      target: 'es2023',
      lib: { entry: fileURLToPath(new URL('../src/index.ts', import.meta.url)), formats: ['iife'], name: 'planLint' },
    },
  });
  const [output] = Array.isArray(result) ? result : [];
  bundle = output?.output.map((chunk) => ('code' in chunk ? chunk.code : '')).join('') ?? '';
}, 60_000);

test('is no larger than it must be, and brings no grammar of PowerShell', () => {
  expect(bundle.length).toBeGreaterThan(10_000);
  expect(gzipSync(bundle, { level: 9 }).length).toBeLessThanOrEqual(MAX_GZIP_BYTES);
  expect(/tree-sitter|WebAssembly/.exec(bundle)?.[0]).toBeUndefined();
});

test('names nothing of Node and makes no code from text', () => {
  expect(
    /["'`]node:|\brequire\(|\bprocess\.[a-z]|\bBuffer\b|(?<![.\w])eval\(|\bnew Function\b/.exec(bundle)?.[0],
  ).toBeUndefined();
});

test('runs where only the language and the web are, under a strict policy', () => {
  const page = createContext({ TextDecoder, TextEncoder }, { codeGeneration: { strings: false, wasm: false } });
  runInContext(`${bundle}\nglobalThis.planLint = planLint;`, page);
  const value: unknown = runInContext(
    `planLint.lintPlan(planLint.createPlanSources([
      ['plan.sh', 'pkg_name=x\\npkg_license=(Apache2)\\n'], ['default.toml', 'port = 1\\n'], ['hooks/run', '{{cfg.prot}}'],
    ])).map(({ file, rule }) => file + ' ' + rule).join(', ')`,
    page,
  );
  expect(value).toContain('hooks/run unknown-path, hooks/run hook-shebang');
  expect(value).toContain('plan.sh unknown-licence');
});
