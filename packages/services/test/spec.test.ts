import { readFileSync } from 'node:fs';
import { thrownBy } from '@hab/core/testing';
import { formatBind, formatIdent, parseIdent } from '@hab/ident';
import { expect, test } from 'vitest';

import { defaultSpec, formatSpec, parseSpec, reconcile, type ServiceSpec, specFileName } from '../src/index.ts';

const defaults = { bldrUrl: 'https://bldr.habitat.sh', channel: 'stable' };
const recorded = readFileSync(new URL('../../../vectors/services/greeter.spec', import.meta.url), 'utf8');

test('a recorded spec file is read, and written byte for byte', () => {
  const spec = parseSpec(recorded, defaults);
  expect(spec).toMatchObject({ topology: 'leader', channel: 'base', desiredState: 'up', healthCheckIntervalSec: 30 });
  expect(formatIdent(spec.ident)).toBe('acme/greeter');
  expect(formatSpec(spec)).toBe(recorded);
});

test('the ident alone is enough', () => {
  expect(parseSpec('ident = "acme/shop/1.2"', defaults)).toEqual(defaultSpec(parseIdent('acme/shop/1.2'), defaults));
});

test('a full spec survives', () => {
  const text = `ident = "acme/shop"
group = "prod"
bldr_url = "https://bldr.habitat.sh"
channel = "stable"
topology = "leader"
update_strategy = "rolling"
update_condition = "latest"
binds = ["db:postgres.prod@acme"]
binding_mode = "strict"
desired_state = "up"
shutdown_timeout = 20

[health_check_interval]
secs = 30
nanos = 0
`;
  expect(formatSpec(parseSpec(text, defaults))).toBe(text);
});

test('the prefix of old service groups is dropped', () => {
  const spec = parseSpec(
    'ident = "a/b"\napplication_environment = "theinternet.preprod"\nbinds = ["cache:app.env#redis.cache@acmecorp"]',
    defaults,
  );
  expect(spec.binds.map(formatBind)).toEqual(['cache:redis.cache@acmecorp']);
});

test('hostile text in values stays inside its quotes', () => {
  const group = 'a"\\\n\u0000\u007f"]\nident = "x';
  const spec = { ...defaultSpec(parseIdent('a/b'), defaults), group, configFrom: '/tmp/ü "x"' };
  expect(parseSpec(formatSpec(spec), defaults)).toEqual(spec);
});

test.for([
  ['', 'ident'],
  ['not toml at all', undefined],
  ['ident = 1', 'ident'],
  ['ident = "redis"', 'ident'],
  ['ident = "/redis"', 'ident'],
  ['ident = "a/b"\ntopology = "smartest-possible"', 'topology'],
  ['ident = "a/b"\nbinds = ["winning"]', 'binds'],
  ['ident = "a/b"\nbinds = "x:y.z"', 'binds'],
  ['ident = "a/b"\nshutdown_timeout = -1', 'shutdown_timeout'],
  ['ident = "a/b"\nshutdown_timeout = 4294967296', 'shutdown_timeout'],
  ['ident = "a/b"\nhealth_check_interval = 3', 'health_check_interval'],
  ['ident = "a/b"\ndesired_state = "sideways"', 'desired_state'],
] as const)('refuses %j', ([text, key]) => {
  expect(thrownBy(() => parseSpec(text, defaults))).toMatchObject({ code: 'SERVICE_SPEC_INVALID', details: { key } });
});

test('a spec needs origin and name to be written, and is named after the package', () => {
  const spec = defaultSpec({ origin: '', name: 'x' }, defaults);
  expect(thrownBy(() => formatSpec(spec))).toMatchObject({ code: 'SERVICE_SPEC_INVALID' });
  expect(specFileName(defaultSpec(parseIdent('origin/hoopa/1.2.3'), defaults))).toBe('hoopa.spec');
});

test('an oversized file is no spec', () => {
  expect(thrownBy(() => parseSpec(`#${'x'.repeat(65_536)}`, defaults))).toMatchObject({ code: 'SERVICE_SPEC_INVALID' });
});

const up = defaultSpec(parseIdent('a/b'), defaults);
const down: ServiceSpec = { ...up, desiredState: 'down' };
test.for<[string, ServiceSpec | undefined, ServiceSpec | undefined, string]>([
  ['absent', undefined, undefined, 'nothing'],
  ['down on disk', undefined, down, 'nothing'],
  ['up on disk', undefined, up, 'start'],
  ['removed', up, undefined, 'stop'],
  ['set down', up, down, 'stop'],
  ['equal', up, { ...up }, 'nothing'],
  ['other ident', up, { ...up, ident: parseIdent('a/b/1') }, 'restart'],
  ['other group', up, { ...up, group: 'x' }, 'restart'],
  ['other topology', up, { ...up, topology: 'leader' }, 'restart'],
  ['other mode', up, { ...up, bindingMode: 'relaxed' }, 'restart'],
  ['other interval', up, { ...up, healthCheckIntervalSec: 5 }, 'restart'],
  ['other time-out', up, { ...up, shutdownTimeoutSec: 5 }, 'restart'],
  ['other source of configuration', up, { ...up, configFrom: '/x' }, 'restart'],
  ['other channel', up, { ...up, channel: 'x' }, 'update'],
  ['other strategy', up, { ...up, updateStrategy: 'at-once' }, 'update'],
  ['other condition', up, { ...up, updateCondition: 'track-channel' }, 'update'],
  ['other URL', up, { ...up, bldrUrl: 'http://x/' }, 'update'],
])('reconcile: %s', ([, running, onDisk, type]) => {
  expect(reconcile(running, onDisk).type).toBe(type);
});
