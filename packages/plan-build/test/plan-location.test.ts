import { thrownBy } from '@hab/core/testing';
import { describe, expect, test } from 'vitest';
import { parseBuildArguments } from '../src/arguments.ts';
import { locatePlan, planCandidates } from '../src/plan-location.ts';

const T = 'x86_64-linux';
const locate = (...existing: readonly string[]) =>
  locatePlan('/src', T, (path) => existing.some((relative) => path === `/src/${relative}`));

describe('a plan is found', () => {
  const places = ['plan.sh', 'habitat/plan.sh', `${T}/plan.sh`, `habitat/${T}/plan.sh`];
  test.for(places)('%s', (place) => {
    const { directory, file, warnings } = locate(place);
    expect(file).toBe(`/src/${place}`);
    expect(`${directory}/plan.sh`).toBe(file);
    expect(warnings).toEqual([]);
  });

  const both = [
    ['plan.sh', `${T}/plan.sh`],
    ['habitat/plan.sh', `habitat/${T}/plan.sh`],
    ['plan.sh', `habitat/${T}/plan.sh`],
    ['habitat/plan.sh', `${T}/plan.sh`],
  ] as const;
  test.for(both)('%s loses to %s, with three lines about it', ([plain, targeted]) => {
    const { file, warnings } = locate(plain, targeted);
    expect(file).toBe(`/src/${targeted}`);
    expect(warnings).toHaveLength(3);
    expect(warnings[0]).toBe(
      'There is a plan.sh inside x86_64-linux and outside as well. Using the plan in x86_64-linux.',
    );
  });

  test('both plain places do not matter beside one for the target', () => {
    expect(locate('plan.sh', 'habitat/plan.sh', `${T}/plan.sh`).file).toBe(`/src/${T}/plan.sh`);
  });

  test('a plan for another target is not seen', () => {
    expect(locate('plan.sh', 'aarch64-linux/plan.sh').file).toBe('/src/plan.sh');
  });

  test('in the root of everything', () => {
    expect(planCandidates('/', T)[0]).toBe('/plan.sh');
  });
});

describe('no plan is found', () => {
  const ambiguous = [
    ['plan.sh', 'habitat/plan.sh'],
    [`${T}/plan.sh`, `habitat/${T}/plan.sh`],
  ] as const;
  test.for(ambiguous)('%s and %s', ([one, two]) => {
    expect(thrownBy(() => locate(one, two))).toMatchObject({
      code: 'BUILD_PLAN_LOCATION',
      details: { status: 42 },
      message: `A Plan file was found in the following paths: /src/${one},/src/${two}. Only one is allowed at a time`,
    });
  });

  test('for this target, where one for Windows is', () => {
    expect(thrownBy(() => locate('habitat/plan.ps1'))).toMatchObject({
      details: { status: 42 },
      hint: '/src/habitat/plan.ps1 is a plan for Windows; packages for x86_64-linux are built from a plan.sh.',
    });
  });

  test('nowhere', () => {
    expect(thrownBy(() => locate())).toMatchObject({
      details: { status: 42 },
      message:
        'Plan file not found in any of these paths: /src/plan.sh,/src/habitat/plan.sh,/src/x86_64-linux/plan.sh,/src/habitat/x86_64-linux/plan.sh',
    });
  });
});

describe('arguments', () => {
  test('the first word is the context, options follow', () => {
    expect(parseBuildArguments([])).toEqual({ context: '.' });
    expect(parseBuildArguments(['-u', '-u', 'https://depot'])).toEqual({ context: '-u', builderUrl: 'https://depot' });
    expect(parseBuildArguments(['dir', '-u', 'a', '-u', 'b'])).toEqual({ context: 'dir', builderUrl: 'b' });
  });

  test('options of our own', () => {
    const words = ['dir', '--log', '--release', '20260131235959', '--lock', 'x.lock', '--on-failure', 'shell'];
    expect(parseBuildArguments(words)).toEqual({
      context: 'dir',
      log: true,
      release: '20260131235959',
      lockFile: 'x.lock',
      onFailure: 'shell',
    });
  });

  const senseless = [['-x'], ['-u'], ['other'], ['--on-failure', 'x'], ['toString', 'x']];
  test.for(senseless.map((words) => [['dir', ...words]]))('%j mean nothing', ([words]) => {
    expect(thrownBy(() => parseBuildArguments(words ?? []))).toMatchObject({
      code: 'BUILD_ARGUMENTS',
      details: { status: 1 },
    });
  });
});
