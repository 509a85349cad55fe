import { expect, test } from 'vitest';

import { detectApplication, resolveScaffolding } from '../src/index.ts';

test.each([
  ['go', 'core/scaffolding-go', true],
  ['GO', 'core/scaffolding-go', true],
  ['core/Scaffolding-Node', 'core/scaffolding-node', true],
  ['ruby', 'core/scaffolding-ruby', true],
  ['gradle', 'core/scaffolding-gradle', true],
  ['acme/own', 'acme/own', false],
  ['acme/own/1.0', 'acme/own/1.0', false],
])('%s', (text, ident, known) => {
  expect(resolveScaffolding(text)).toMatchObject({ ident, known });
});

test.each(['python', '', 'a/b/c/d/e', 'a/$(id)', 'a/b"', '/'])('%s is none', (text) => {
  expect(() => resolveScaffolding(text)).toThrow(
    expect.objectContaining({ code: 'PLAN_INIT_SCAFFOLDING_INVALID', details: { text } }),
  );
});

test.each([
  [['main.go'], 'Go', 'main.go'],
  [['tool.go'], 'Go', 'tool.go'],
  [['Godeps/Godeps.json'], 'Go', 'Godeps/Godeps.json'],
  [['vendor/vendor.json', 'package.json'], 'Go', 'vendor/vendor.json'],
  [['settings.gradle', 'package.json', 'Gemfile'], 'Gradle', 'settings.gradle'],
  [['Gemfile', 'package.json'], 'Node.js', 'package.json'],
  [['Gemfile', 'requirements.txt'], 'Ruby', 'Gemfile'],
])('%o is %s', (files, title, evidence) => {
  expect(detectApplication(files)).toMatchObject({ title, evidence, scaffolding: { known: true } });
});

test('kinds without a scaffolding come with a hint', () => {
  for (const [file, title] of [
    ['Cargo.toml', 'Rust'],
    ['pyproject.toml', 'Python'],
  ] as const) {
    const found = detectApplication([file]);
    expect(found).toMatchObject({ title, scaffolding: undefined });
    expect(found?.suggestion).toContain('_deps');
  }
});

test('what is nothing of that', () => {
  expect(detectApplication(['README.md', 'src/main.go', 'go'])).toBeUndefined();
});
