import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { createLayout, type Layout } from '@hab/core';
import { systemClock } from '@hab/core/node';
import { rejectionOf } from '@hab/core/testing';
import { afterEach, beforeEach, expect, test } from 'vitest';

import { DEFAULT_SHUTDOWN, HOOK_TIMEOUT_MS, type ServicePackage } from '../src/index.ts';
import { type InstallHookWorld, type PendingInstallHook, runPendingInstallHooks } from '../src/node/index.ts';

let root: string;
let layout: Layout;
let said: string[];
let world: InstallHookWorld;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'hab-install-hooks-'));
  layout = createLayout({ root, home: root });
  said = [];
  world = {
    clock: systemClock,
    layout,
    env: { PATH: process.env['PATH'] ?? '' },
    switchUser: false,
    precedence: 'default',
    dialect: 'documented',
    hookTimeoutsMs: HOOK_TIMEOUT_MS,
    say: (preamble, key, text) => said.push(`${preamble}(${key}): ${text}`),
  };
});

afterEach(() => rmSync(root, { recursive: true }));

function pkg(hook: string, more: Partial<ServicePackage> = {}): ServicePackage {
  const directory = join(root, 'pkg');
  mkdirSync(join(directory, 'hooks'), { recursive: true });
  writeFileSync(join(directory, 'hooks/install'), hook);
  return {
    ident: { origin: 'acme', name: 'web', version: '1', release: '20260101000000' },
    directory,
    prefix: directory,
    deps: [],
    tdeps: [],
    env: {},
    runtimePath: [],
    exposes: [],
    exports: [],
    binds: [],
    bindsOptional: [],
    svcUser: undefined,
    svcGroup: undefined,
    shutdownSignal: DEFAULT_SHUTDOWN.signal,
    shutdownTimeoutSec: DEFAULT_SHUTDOWN.timeoutSec,
    defaultToml: 'list = [1, 2]\n',
    runnable: true,
    ...more,
  };
}

const recorded: number[] = [];
const pending = (hook: string, more?: Partial<ServicePackage>): PendingInstallHook => ({
  pkg: pkg(hook, more),
  record: async (code) => {
    recorded.push(code);
  },
});
const unrecordable = (hook: string): PendingInstallHook => ({
  pkg: pkg(hook),
  record: async () => {
    throw Object.assign(new Error('EACCES: permission denied'), { code: 'EACCES' });
  },
});

test('a hook that succeeded and whose status cannot be kept is a success that is told of', async () => {
  await runPendingInstallHooks([unrecordable('#!/bin/sh\nexit 0\n')], world);
  expect(said).toEqual([
    'web(HK): The install hook of acme/web/1/20260101000000 will run again: its status is not kept, EACCES: permission denied',
  ]);
});

test('one that failed is a failure, kept or not', async () => {
  recorded.length = 0;
  for (const hook of [pending('#!/bin/sh\nexit 7\n'), unrecordable('#!/bin/sh\nexit 7\n')]) {
    expect(await rejectionOf(runPendingInstallHooks([hook], world))).toMatchObject({
      code: 'SERVICE_INSTALL_HOOK_FAILED',
      details: { ident: 'acme/web/1/20260101000000', code: 7 },
    });
  }
  expect(recorded).toEqual([7]);
});

test('its limit and its dialect are those it is given; what a limit ended is not kept', async () => {
  recorded.length = 0;
  await runPendingInstallHooks([pending('#!/bin/sh\necho "{{cfg.list}}"\n')], { ...world, dialect: 'legacy' });
  expect(readFileSync(layout.service('web').hookLog('install', 'stdout'), 'utf8')).toBe('[1, 2, ]\n');
  const slow = pending('#!/bin/sh\nsleep 300\n');
  const limited = { ...world, hookTimeoutsMs: { ...HOOK_TIMEOUT_MS, install: 50 } };
  expect(await rejectionOf(runPendingInstallHooks([slow], limited))).toMatchObject({
    code: 'SERVICE_INSTALL_HOOK_FAILED',
    details: { code: null },
  });
  expect(said).toContain('web(HK): install was ended: it ran longer than 0.05 s');
  expect(recorded).toEqual([0]);
});
