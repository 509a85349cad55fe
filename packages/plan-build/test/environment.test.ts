import { thrownBy } from '@hab/core/testing';
import { describe, expect, test } from 'vitest';
import { type EnvironmentScope, LayeredEnvironment, type VariableHint } from '../src/environment.ts';
import { readVector } from './support/vectors.ts';

interface EnvironmentVector {
  hints: Record<string, VariableHint>;
  merge: { scope: EnvironmentScope; from: string; variables: [string, string][] }[];
  calls: [string, EnvironmentScope, string, string][];
  runtime: Record<string, [string, string]>;
  buildtime: Record<string, [string, string]>;
  seen: Record<string, string>;
}

const none: VariableHint = { type: '', separator: '' };
const plain = (): LayeredEnvironment => new LayeredEnvironment(() => none);
const valuesOf = (environment: LayeredEnvironment, scope: EnvironmentScope) =>
  Object.fromEntries(
    [...environment.variables(scope)].map(([name, { value, provenance }]) => [name, [value, provenance.join(' ')]]),
  );

describe('the recorded build', () => {
  const vector = readVector<EnvironmentVector>('environment.json');
  const environment = new LayeredEnvironment((name) => vector.hints[name] ?? none);
  for (const { scope, from, variables } of vector.merge) environment.merge(scope, from, variables);
  for (const [call, scope, name, value] of vector.calls) {
    if (call === 'push') environment.push(scope, 'own', name, value);
    else environment.set(scope, 'own', name, value, call === 'set -f');
  }

  test.for(['runtime', 'buildtime'] as const)('%s values and who set them', (scope) => {
    expect(valuesOf(environment, scope)).toEqual(vector[scope]);
  });

  test('what do_build sees', () => {
    expect(Object.fromEntries(environment.exports(() => '').variables)).toEqual(vector.seen);
  });
});

describe('merging', () => {
  test('the same value twice changes nothing', () => {
    const environment = plain();
    expect(environment.merge('runtime', 'a', [['X', '1']])).toEqual([]);
    expect(environment.merge('runtime', 'b', [['X', '1']])).toEqual([]);
    expect(valuesOf(environment, 'runtime')).toEqual({ X: ['1', 'a'] });
  });

  test('an unknown variable is overwritten, with a word on how to change that', () => {
    const environment = plain();
    environment.merge('runtime', 'a', [['X', '1']]);
    expect(environment.merge('runtime', 'b', [['X', '2']])).toEqual([
      'Treating $X as a primitive type. If you would like to change this, add `HAB_ENV_X_TYPE=aggregate` to your plan.',
      'Overwriting $X originally set from a',
    ]);
    expect(valuesOf(environment, 'runtime')).toEqual({ X: ['2', 'b'] });
  });

  test('PATH and empty values are left out', () => {
    const environment = plain();
    environment.merge('runtime', 'a', [
      ['PATH', '/x'],
      ['Y', ''],
    ]);
    expect(valuesOf(environment, 'runtime')).toEqual({});
  });

  test('what bash does not let be set is left out with a warning', () => {
    expect(plain().merge('runtime', 'a', [['UID', '0']])).toEqual([
      'Leaving out $UID of a: a shell does not let it be set',
    ]);
  });

  test.for(['a[$(id)]', 'A B', '1X', '__hab_out', ''])('a name like %j is refused', (name) => {
    expect(thrownBy(() => plain().merge('runtime', 'dep', [[name, 'x']]))).toMatchObject({
      code: 'BUILD_DEPENDENCY_MALFORMED',
      details: { ident: 'dep', file: 'RUNTIME_ENVIRONMENT' },
    });
  });

  test('a separator of the plan is used', () => {
    const environment = new LayeredEnvironment(() => ({ type: 'aggregate', separator: '|' }));
    environment.merge('runtime', 'a', [['X', '1|2']]);
    expect(environment.merge('runtime', 'b', [['X', '2|3']])).toEqual(['Prepending to $X originally set from a']);
    expect(valuesOf(environment, 'runtime')).toEqual({ X: ['2|3|1', 'b a'] });
  });

  test('a type that means nothing is an error', () => {
    const environment = new LayeredEnvironment(() => ({ type: 'list', separator: '' }));
    environment.merge('runtime', 'a', [['X', '1']]);
    expect(thrownBy(() => environment.merge('runtime', 'b', [['X', '2']]))).toMatchObject({
      code: 'BUILD_ENVIRONMENT_INVALID',
      details: { variable: 'X', status: 1 },
    });
  });
});

describe('setting and pushing', () => {
  test('a second value needs force', () => {
    const environment = plain();
    expect(environment.set('runtime', 'own', 'X', '1', false)).toEqual([]);
    expect(thrownBy(() => environment.set('runtime', 'own', 'X', '2', false))).toMatchObject({
      message:
        'Already have a value for $X, set by own: 1. If you really wish to overwrite this value, pass the \'-f\' ("force") option when setting it.',
    });
    expect(environment.set('runtime', 'own', 'X', '2', true)).toHaveLength(1);
    expect(valuesOf(environment, 'runtime')).toEqual({ X: ['2', 'own'] });
  });

  test('an empty value is a value that the next one may replace', () => {
    const environment = plain();
    environment.set('runtime', 'own', 'X', '', false);
    expect(valuesOf(environment, 'runtime')).toEqual({ X: ['', 'own'] });
    expect(Object.fromEntries(environment.exports(() => 'of the machine').variables)).toEqual({ X: '' });
    expect(environment.set('runtime', 'own', 'X', '1', false)).toEqual([]);
    expect(valuesOf(environment, 'runtime')).toEqual({ X: ['1', 'own'] });
  });

  const owners = [
    ['PATH', 'pkg_deps'],
    ['LD_RUN_PATH', 'pkg_lib_dirs'],
    ['LDFLAGS', 'pkg_lib_dirs'],
    ['CFLAGS', 'pkg_include_dirs'],
    ['CPPFLAGS', 'pkg_include_dirs'],
    ['CXXFLAGS', 'pkg_include_dirs'],
    ['PKG_CONFIG_PATH', 'pkg_pconfig_dirs'],
  ] as const;
  test.for(owners)('%s follows from %s', ([name, owner]) => {
    const message = `Cannot directly manipulate environment variable ${name}! Add appropriate entries to the '${owner}' variable in plan.sh instead!`;
    expect(thrownBy(() => plain().set('runtime', 'own', name, 'x', true))).toMatchObject({ message });
    expect(thrownBy(() => plain().push('buildtime', 'own', name, 'x'))).toMatchObject({ message });
  });

  test.for(['a-b', '', 'x y', '__hab_in', 'SHELLOPTS'])('%j cannot be set', (name) => {
    expect(thrownBy(() => plain().push('runtime', 'own', name, 'x'))).toMatchObject({
      code: 'BUILD_ENVIRONMENT_INVALID',
    });
  });

  test('a version that is found later is filled in', () => {
    const environment = plain();
    environment.push('runtime', 'acme/zee/@V@/1', 'GEM_PATH', '/pkgs/@V@/gems');
    environment.replace('@V@', '2.0');
    expect(valuesOf(environment, 'runtime')).toEqual({ GEM_PATH: ['/pkgs/2.0/gems', 'acme/zee/2.0/1'] });
  });
});

describe('exports', () => {
  test('lists are layered on the environment, single values replace it', () => {
    const environment = plain();
    environment.set('buildtime', 'own', 'X', 'mine', false);
    environment.push('buildtime', 'own', 'GEM_PATH', '/mine');
    const { variables } = environment.exports((name) => (name === 'GEM_PATH' ? '/old:/mine' : 'old'));
    expect(Object.fromEntries(variables)).toEqual({ X: 'mine', GEM_PATH: '/mine:/old' });
  });

  test('runtime values replace what the system has', () => {
    const environment = plain();
    environment.push('runtime', 'own', 'GEM_PATH', '/mine');
    expect(environment.exports(() => '/old').variables).toEqual([['GEM_PATH', '/mine']]);
  });
});
