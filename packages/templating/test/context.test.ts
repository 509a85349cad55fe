import { createLayout } from '@hab/core';
import { parseFullIdent } from '@hab/ident';
import { expect, test } from 'vitest';

import {
  formatJson,
  type GroupFacts,
  installContext,
  isConfigTable,
  type MemberFacts,
  parseJson,
  parseToml,
  renderContext,
  renderTemplate,
  type ServiceFacts,
  toPlainValue,
  valueAt,
} from '../src/index.ts';
import { overlayContext, sampleContext } from '../src/offline/index.ts';

const address = (ip: string): MemberFacts['sys'] => ({
  ip,
  hostname: `host-${ip}`,
  gossipIp: ip,
  gossipPort: 9638,
  httpGatewayIp: '0.0.0.0',
  httpGatewayPort: 9631,
  ctlGatewayIp: '127.0.0.1',
  ctlGatewayPort: 9632,
});

const member = (memberId: string, health: MemberFacts['health'], ip = '10.0.0.1'): MemberFacts => ({
  memberId,
  pkg: parseFullIdent('acme/web/1.0.0/20240102030405'),
  pkgIncarnation: 0n,
  health,
  sys: address(ip),
  cfg: parseToml('port = 8080'),
});

const facts = (svc: Partial<ServiceFacts['svc']> = {}, binds: [string, GroupFacts][] = []): ServiceFacts => ({
  sys: { ...address('10.0.0.4'), version: '2.1.0/20260801120000', memberId: 'm2', permanent: false },
  pkg: {
    ident: parseFullIdent('acme/web/1.0.0/20240102030405'),
    deps: [parseFullIdent('core/glibc/2.36/20260101000000')],
    env: [
      ['PATH', '/bin'],
      ['APP_HOME', '/x'],
    ],
    exposes: ['8080'],
    exports: [['port', 'server.port']],
    path: '/hab/pkgs/acme/web/1.0.0/20240102030405',
    svcUser: 'hab',
    svcGroup: 'hab',
    layout: createLayout().service('web'),
  },
  cfg: parseToml('[server]\nport = 8080'),
  svc: { serviceGroup: { service: 'web', group: 'default' }, members: [], me: member('m2', 'alive'), ...svc },
  binds,
});

const shape = (value: unknown): unknown =>
  isConfigTable(value as never) ? [...(value as Map<string, unknown>).keys()] : value;

test('has the fields of the originals in their order', () => {
  const context = renderContext(facts());
  expect(shape(context)).toEqual(['sys', 'pkg', 'cfg', 'svc', 'bind']);
  expect(shape(context.get('sys'))).toEqual(
    'version member_id ip hostname gossip_ip gossip_port http_gateway_ip http_gateway_port ctl_gateway_ip ctl_gateway_port permanent'.split(
      ' ',
    ),
  );
  expect(shape(context.get('pkg'))).toEqual(
    'ident origin name version release deps env exposes exports path svc_path svc_config_path svc_data_path svc_files_path svc_static_path svc_var_path svc_pid_file svc_run svc_user svc_group'.split(
      ' ',
    ),
  );
  expect(shape(context.get('svc'))).toEqual(
    'service group org election_is_running election_is_no_quorum election_is_finished update_election_is_running update_election_is_no_quorum update_election_is_finished me members leader first update_leader'.split(
      ' ',
    ),
  );
  expect(shape(valueAt(context, ['svc', 'me']))).toEqual(
    'member_id pkg pkg_incarnation package service group org persistent leader follower update_leader update_follower election_is_running election_is_no_quorum election_is_finished update_election_is_running update_election_is_no_quorum update_election_is_finished sys alive suspect confirmed departed cfg'.split(
      ' ',
    ),
  );
});

test('what is printed of it', () => {
  const context = renderContext(facts());
  const template =
    '{{pkg.ident}} {{pkg.svc_config_path}} {{pkg.svc_run}} {{pkg.exposes}} {{#each pkg.env}}{{@key}}={{this}};{{/each}} {{sys.gossip_port}} {{cfg.server.port}} {{svc.me.package}} [{{svc.org}}] [{{pkg.svc_config_install_path}}]';
  expect(renderTemplate(template, context)).toBe(
    'acme/web/1.0.0/20240102030405 /hab/svc/web/config /hab/svc/web/run [8080] APP_HOME=/x;PATH=/bin; 9638 8080 acme/web/1.0.0/20240102030405 [] []',
  );
});

test('members are the alive and suspect ones by id; first may be dead; leader stays whatever its health', () => {
  const members = [member('m3', 'suspect'), member('m1', 'confirmed'), member('m2', 'alive')];
  const context = renderContext(facts({ members }));
  expect(toPlainValue(valueAt(context, ['svc', 'members']) ?? null)).toMatchObject([
    { member_id: 'm2' },
    { member_id: 'm3' },
  ]);
  expect(valueAt(context, ['svc', 'first', 'member_id'])).toBe('m1');
  const led = renderContext(facts({ members, leaderId: 'm1', election: 'running' }));
  expect(valueAt(led, ['svc', 'leader', 'member_id'])).toBe('m1');
  expect(valueAt(led, ['svc', 'leader', 'confirmed'])).toBe(true);
  expect(valueAt(led, ['svc', 'me', 'follower'])).toBe(true);
  expect(valueAt(led, ['svc', 'election_is_running'])).toBe(true);
  expect(valueAt(led, ['svc', 'me', 'election_is_running'])).toBe(true);
});

test('the own member is in the group even before the ring knows it', () => {
  const context = renderContext(facts({ members: [member('m1', 'alive')] }));
  expect(toPlainValue(valueAt(context, ['svc', 'members']) ?? null)).toMatchObject([
    { member_id: 'm1' },
    { member_id: 'm2' },
  ]);
});

test('binds are sorted by name and have first, leader and members', () => {
  const group: GroupFacts = {
    serviceGroup: { service: 'pg', group: 'prod', organization: 'acme' },
    members: [member('a', 'suspect')],
  };
  const context = renderContext(
    facts({}, [
      ['zoo', group],
      ['database', group],
    ]),
  );
  expect(shape(context.get('bind'))).toEqual(['database', 'zoo']);
  expect(shape(valueAt(context, ['bind', 'zoo']))).toEqual(['first', 'leader', 'members']);
  expect(valueAt(context, ['bind', 'zoo', 'leader'])).toBeNull();
  expect(valueAt(context, ['bind', 'zoo', 'members', '0', 'org'])).toBe('acme');
  expect(renderTemplate('[{{#eachAlive bind.zoo.members}}x{{/eachAlive}}]', context)).toBe('[]');
});

test('install hooks see the package and the configuration alone', () => {
  const context = installContext(facts());
  expect(shape(context)).toEqual(['pkg', 'cfg']);
  expect(valueAt(context, ['pkg', 'svc_config_install_path'])).toBe('/hab/svc/web/config_install');
});

test('mock data is laid over at any depth, null and lists replace', () => {
  const mock = parseJson('{"cfg": {"server": {"port": null, "name": "x"}}, "svc": {"members": []}}');
  const laid = overlayContext(renderContext(facts()), isConfigTable(mock) ? mock : new Map());
  expect(renderTemplate('[{{cfg.server.port}}{{cfg.server.name}}{{svc.members}}{{svc.service}}]', laid)).toBe(
    '[x[]web]',
  );
});

test('the sample context fits templates of every part', () => {
  const context = sampleContext({
    cfg: parseToml('port = 1'),
    exports: [['port', 'port']],
    binds: [['database', ['port', 'name']]],
    members: 2,
  });
  const template =
    '{{sys.ip}} {{svc.me.cfg.port}} {{#each bind.database.members}}{{sys.ip}}:{{cfg.port}}/{{cfg.name}} {{/each}}';
  expect(renderTemplate(template, context)).toBe('192.0.2.1 1 198.51.100.1:8080/name 198.51.100.2:8080/name ');
  expect(formatJson(context)).toBe(
    formatJson(
      sampleContext({
        cfg: parseToml('port = 1'),
        exports: [['port', 'port']],
        binds: [['database', ['port', 'name']]],
        members: 2,
      }),
    ),
  );
});
