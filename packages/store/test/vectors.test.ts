import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { createLayout } from '@hab/core';
import { folderKeyCache } from '@hab/crypto-keys/node';
import { formatIdent, parseIdent } from '@hab/ident';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { createStore, folderArtifactSource, type Store } from '../src/node/index.ts';
import { createSandbox, type Sandbox } from './sandbox.ts';

interface Vectors {
  others: Record<string, string[]>;
  commands: { args: string[]; stdout: string }[];
}
const { others, commands } = JSON.parse(
  readFileSync(new URL('../../../vectors/store/commands.json', import.meta.url), 'utf8'),
) as Vectors;
const artifacts = fileURLToPath(new URL('../../../vectors/hart/original', import.meta.url));

let sandbox: Sandbox;
let store: Store;
beforeAll(async () => {
  sandbox = await createSandbox();
  store = createStore({ layout: sandbox.layout, target: 'x86_64-linux', keys: folderKeyCache(artifacts) });
  const options = { sources: [folderArtifactSource(artifacts)] };
  await store.install([{ type: 'ident', ident: parseIdent('acme/front') }], options);
  const tools = readdirSync(artifacts).find((name) => name.includes('tools')) ?? '';
  await store.install([{ type: 'file', path: `${artifacts}/${tools}` }], options);
  for (const [ident, deps] of Object.entries(others)) await sandbox.put({ ident, deps });
});
afterAll(() => sandbox[Symbol.asyncDispose]());

const lines = (idents: readonly Parameters<typeof formatIdent>[0][]): string =>
  idents.map((ident) => `${formatIdent(ident)}\n`).join('');

async function answer([, command, ...rest]: readonly string[]): Promise<string> {
  const ident = rest.at(-1) ?? '';
  switch (command) {
    case 'list':
      return lines(await store.list(ident === '--all' ? {} : parseIdent(ident)));
    case 'path':
      return `${(await store.load(parseIdent(ident))).prefix}\n`;
    case 'env': {
      const environment = await store.environment(await store.load(parseIdent(ident)));
      return [...environment].map(([key, value]) => `export ${key}="${value}"\n`).join('');
    }
    case 'provides':
      return lines(
        (await store.provides(ident)).map((found) => ({ origin: found.ident.origin, name: found.ident.name })),
      );
    case 'dependencies': {
      const graph = await store.graph();
      const of = (await store.load(parseIdent(ident))).ident;
      const [transitive, reverse] = [rest.includes('-t'), rest.includes('-r')];
      if (reverse) return lines(transitive ? graph.transitiveDependents(of) : graph.dependents(of));
      return lines(transitive ? graph.transitiveDependencies(of) : graph.dependencies(of));
    }
    default:
      throw new Error(`no such command: ${command}`);
  }
}

// The environment of acme/local was made by its plan, which is not here.
const answerable = commands.filter(({ args }) => !(args[1] === 'env' && args[2] === 'acme/local'));

test.for(answerable)('$args', async ({ args, stdout }) => {
  expect(await answer(args)).toBe(stdout);
});

test('every recorded command was asked', () => expect(answerable).toHaveLength(9));

test('nothing but the packages is left behind', async () => {
  const { root } = createLayout({ root: sandbox.root });
  expect(readdirSync(`${root}/hab/pkgs/acme`).sort()).toEqual(['arch', 'front', 'greeter', 'local', 'tools', 'zee']);
  for (const name of ['front', 'greeter', 'tools', 'zee']) {
    for (const version of readdirSync(`${root}/hab/pkgs/acme/${name}`)) {
      expect(readdirSync(`${root}/hab/pkgs/acme/${name}/${version}`)).toHaveLength(1);
    }
  }
});
