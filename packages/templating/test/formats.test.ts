import { expect, test } from 'vitest';

import { formatJson, formatToml, formatTomlValue, formatYaml, parseJson, parseToml } from '../src/index.ts';
import { tableCases } from './vectors.ts';

interface TextCase {
  readonly in: string;
  readonly out: string;
}

test.for(tableCases('toTomlStrings') as TextCase[])('writes $in as a TOML string', ({ in: text, out }) => {
  expect(formatTomlValue(text)).toBe(out);
  expect(parseToml(`a = ${out}`).get('a')).toBe(text);
});

test.for(tableCases('toYamlStrings') as TextCase[])('writes $in as a YAML string', ({ in: text, out }) => {
  expect(formatYaml(text)).toBe(out);
});

test.for([
  ['1e21', '1e+21', '1e21', '1000000000000000000000.0'],
  ['1e16', '1e+16', '1e16', '10000000000000000.0'],
  ['1e15', '1000000000000000.0', '1000000000000000.0', '1000000000000000.0'],
  ['1e-5', '0.00001', '0.00001', '0.00001'],
  ['1e-6', '1e-6', '1e-6', '0.000001'],
  ['1.5e-7', '1.5e-7', '1.5e-7', '0.00000015'],
  ['-0.0', '-0.0', '-0.0', '-0.0'],
  ['123456789012345680.0', '1.2345678901234568e+17', '1.2345678901234568e17', '123456789012345680.0'],
])('writes the float %s', ([source, json, yaml, toml]) => {
  const value = parseToml(`a = ${source}`).get('a') ?? null;
  expect(formatJson(value)).toBe(json);
  expect(formatYaml(value)).toBe(`${yaml}\n`);
  expect(formatTomlValue(value)).toBe(toml);
});

test('keeps integers, floats, dates and the order of keys through every format', () => {
  const toml =
    '10 = 1\n9 = 1.0\nbig = 9223372036854775807\nwhen = 1979-05-27T00:32:00.999999-07:00\n\n[z]\n2 = true\n1 = "x"\n';
  const table = parseToml(toml);
  expect(formatToml(table)).toBe(toml);
  expect(formatYaml(table)).toBe(
    "'10': 1\n'9': 1.0\nbig: 9223372036854775807\nwhen: 1979-05-27T00:32:00.999999-07:00\nz:\n  '2': true\n  '1': x\n",
  );
  const json = formatJson(table, { indent: 0 });
  expect(json).toBe(
    '{"10":1,"9":1.0,"big":9223372036854775807,"when":"1979-05-27T00:32:00.999999-07:00","z":{"2":true,"1":"x"}}',
  );
  expect(formatJson(parseJson(json), { indent: 0 })).toBe(json);
});

test('writes blocks of text at the place where they stand', () => {
  const table = parseToml('a = "x\\ny\\n"\nl = ["p\\n\\nq"]\n[t]\nk = "1\\n2"\n');
  expect(formatYaml(table)).toBe('a: |\n  x\n  y\nl:\n- |-\n  p\n\n  q\nt:\n  k: |-\n    1\n    2\n');
});

test('writes keys that YAML would not read on one line behind a question mark', () => {
  expect(formatYaml(new Map([['a\nb', new Map([['c', 1n]])]]))).toBe('? |-\n  a\n  b\n: c: 1\n');
});
