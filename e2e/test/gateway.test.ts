import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

import { checkout, Root } from './harness.ts';

const recorded = (name: string): unknown =>
  JSON.parse(readFileSync(join(checkout, 'vectors/services', `${name}.json`), 'utf8'));

/** Keys, types and nesting; what a table of free names holds is left out. */
function shape(value: unknown, path = ''): unknown {
  if (Array.isArray(value)) return value.length === 0 ? [] : [shape(value[0], `${path}[]`)];
  if (typeof value !== 'object' || value === null) return value === null ? 'null' : typeof value;
  if (/\/(cfg|env|exports)$/.test(path)) return 'table';
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => {
      const name = /^[0-9a-f]{32}$/.test(key) ? '{member}' : key;
      return [name, shape(member, `${path}/${name}`)];
    }),
  );
}

test('the documents have the keys, types and nesting of the original', async () => {
  await using root = new Root('ordinary');
  const key = readFileSync(join(checkout, 'vectors/keys/original/acme-20261121114514.pub'));
  await root.ok(['origin', 'key', 'import'], { input: key });
  const artifacts = join(checkout, 'vectors/plan-build/original');
  const supervisor = await root.supervisor([
    '--artifacts',
    join(artifacts, 'zee'),
    '--artifacts',
    join(artifacts, 'greeter'),
    'acme/greeter',
  ]);
  await supervisor.until(
    async () => (await supervisor.get('/services/greeter/default/health')).status === 200,
    'health',
  );
  for (const [path, name] of [
    ['/services', 'services'],
    ['/services/greeter/default/config', 'services_greeter_default_config'],
    ['/services/greeter/default/health', 'services_greeter_default_health'],
    ['/census', 'census'],
    ['/butterfly', 'butterfly'],
  ] as const) {
    expect([path, shape(await supervisor.json(path))]).toEqual([path, shape(recorded(name))]);
  }
  expect((await supervisor.get('/services')).body).toContain('9007199254740993');
  expect(await supervisor.get('/services/none/default')).toMatchObject({ status: 404 });
  expect(await supervisor.get('/services/none')).toMatchObject({ status: 400 });
  expect(await supervisor.get('/nothing')).toMatchObject({ status: 404 });
  expect(await supervisor.get('/%ff')).toMatchObject({ status: 400 });
});
