import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const read = (path: string): string => readFileSync(new URL(`../${path}`, import.meta.url), 'utf8');

test.for(['src/index.ts', 'src/node/index.ts', 'src/testing/index.ts'])(
  'the README names all that %s exports',
  (path) => {
    const names = [...read(path).matchAll(/^export (?:type )?\{([^}]*)\}/gm)].flatMap(([, list = '']) =>
      list.split(',').flatMap((name) => name.trim() || []),
    );
    const readme = read('README.md');
    expect(names.length).toBeGreaterThan(4);
    expect(names.filter((name) => !readme.includes(`\`${name}\``))).toEqual([]);
  },
);
