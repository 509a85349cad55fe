import { thrownBy } from '@hab/core/testing';
import { expect, test } from 'vitest';
import { collectExports, environmentVariable, parseEnvironmentLayer, parseGossipLayer } from '../src/config/index.ts';
import {
  formatToml,
  isTemplatingError,
  layerOf,
  mergeLayers,
  mergeServiceLayers,
  parseToml,
  provenanceEntries,
} from '../src/index.ts';
import { tableCases } from './vectors.ts';

/** `n` nested tables with one value at the bottom. */
const nested = (n: number, key: string): string =>
  n === 0 ? `${key} = 1` : `[${Array(n).fill('t').join('.')}]\n${key} = 1`;

test.for(tableCases('mergeDepth') as { n: number; ok: boolean }[])('merges $n common tables: $ok', ({ n, ok }) => {
  const merged = mergeLayers([
    { name: 'default', table: parseToml(nested(n, 'a')) },
    { name: 'user', table: parseToml(`first = 1\n${nested(n, 'b')}`) },
    { name: 'gossip', table: parseToml('last = 1') },
  ]);
  const text = formatToml(merged.config);
  expect(text.includes('b = 1')).toBe(ok);
  expect(text).toContain('first = 1');
  expect(text).toContain('last = 1');
  expect(merged.problems.map((problem) => problem.details)).toEqual(ok ? [] : [{ layer: 'user', max: 30 }]);
});

test('says for every value which layer it comes from', () => {
  const merged = mergeServiceLayers({
    default: parseToml('port = 1\nname = "d"\nlist = [1]\n[tls]\non = false\ncert = "c"\n[empty]\n'),
    user: parseToml('name = "u"\n[tls]\non = true'),
    gossip: parseToml('port = 2\nlist = [2]'),
    environment: parseToml('port = 3\nextra.deep = 1'),
  });
  expect([...provenanceEntries(merged)].map(({ path, layer }) => `${path.join('.')}=${layer}`)).toEqual([
    'port=environment',
    'name=user',
    'list=gossip',
    'tls.on=user',
    'tls.cert=default',
    'empty=default',
    'extra.deep=environment',
  ]);
  expect(layerOf(merged, ['list', '0'])).toBe('gossip');
  expect(layerOf(merged, ['tls'])).toBeUndefined();
  expect(layerOf(merged, ['nope'])).toBeUndefined();
  expect(merged.config.get('port')).toBe(3n);
});

test('the precedence of the originals puts gossip over user over environment', () => {
  const layers = {
    default: parseToml('p="d"\nq="d"\nr="d"'),
    user: parseToml('p="u"\nq="u"'),
    gossip: parseToml('p="g"'),
  };
  const environment = parseToml('p="e"\nq="e"\nr="e"');
  expect(formatToml(mergeServiceLayers({ ...layers, environment }, 'original').config)).toBe(
    'p = "g"\nq = "u"\nr = "e"\n',
  );
  expect(formatToml(mergeServiceLayers({ ...layers, environment }).config)).toBe('p = "e"\nq = "e"\nr = "e"\n');
});

test('merging leaves the layers as they were', () => {
  const table = parseToml('[a.b]\nc = 1');
  mergeLayers([
    { name: 'default', table },
    { name: 'user', table: parseToml('[a.b]\nd = 2\n[a]\ne = 3') },
  ]);
  expect(formatToml(table)).toBe('[a.b]\nc = 1\n');
});

interface EnvironmentCase {
  readonly package: string;
  readonly var: string;
  readonly value: string | null;
  readonly expectedToml?: string | null;
  readonly error?: boolean;
}

test.for(tableCases('envLayer') as EnvironmentCase[])('environment layer of $package', (given) => {
  expect(environmentVariable(given.package)).toBe(given.var);
  if (given.value === null) return;
  const { value } = given;
  if (given.error === true) {
    const error = thrownBy(() => parseEnvironmentLayer(given.package, value));
    expect(isTemplatingError(error, 'TEMPLATE_ENVIRONMENT_INVALID')).toBe(true);
    expect(error).toMatchObject({ details: { variable: given.var } });
  } else {
    expect(formatToml(parseEnvironmentLayer(given.package, value)).trim()).toBe(given.expectedToml);
  }
});

test('an error about the environment tells nothing of the value', () => {
  const error = thrownBy(() => parseEnvironmentLayer('db', 'password = hunter2'));
  expect(`${String(error)} ${JSON.stringify(error)}`).not.toContain('hunter2');
  expect((error as Error).cause).toBeUndefined();
});

test('a gossiped layer has at most 65,536 bytes of UTF-8', () => {
  const fill = (bytes: number): Uint8Array => new TextEncoder().encode(`a = "${'x'.repeat(bytes - 6)}"`);
  expect(parseGossipLayer(fill(65_536)).size).toBe(1);
  expect(thrownBy(() => parseGossipLayer(fill(65_537)))).toMatchObject({ code: 'TEMPLATE_LIMIT_EXCEEDED' });
  expect(thrownBy(() => parseGossipLayer(Uint8Array.of(0x61, 0xff)))).toMatchObject({
    code: 'TEMPLATE_CONFIG_INVALID',
  });
});

interface ExportsCase {
  readonly cfg: string;
  readonly exports: Record<string, string>;
  readonly expected: string;
}

test.for(tableCases('exportsWalk') as ExportsCase[])('exports of $cfg', ({ cfg, exports, expected }) => {
  const exported = collectExports(parseToml(cfg), Object.entries(exports), { walk: 'original' });
  expect(formatToml(exported).trim()).toBe(expected);
});

test('by default a path with a missing part exports nothing', () => {
  expect(
    collectExports(parseToml('[a]\nc = 1'), [
      ['p', 'a.b.c'],
      ['q', 'a.c'],
    ]),
  ).toEqual(new Map([['q', 1n]]));
});
