// Facts of a proxy that is bound to two backends; a Supervisor takes them from its packages, its ring and its files.
import { createLayout } from '@hab/core';
import { parseFullIdent } from '@hab/ident';
import { type MemberFacts, parseToml, type ServiceFacts } from '@hab/templating';

const address = (ip: string): MemberFacts['sys'] => ({
  ip,
  hostname: 'node',
  gossipIp: ip,
  gossipPort: 9638,
  httpGatewayIp: '0.0.0.0',
  httpGatewayPort: 9631,
  ctlGatewayIp: '127.0.0.1',
  ctlGatewayPort: 9632,
});

const member = (memberId: string, ip: string, health: MemberFacts['health']): MemberFacts => ({
  memberId,
  pkg: parseFullIdent('acme/web/1.0.0/20240102030405'),
  pkgIncarnation: 0n,
  health,
  sys: address(ip),
  cfg: parseToml('port = 8080'),
});

/** @param last - Health of the second backend. */
export const proxyFacts = (last: MemberFacts['health']): ServiceFacts => ({
  sys: { ...address('10.0.0.9'), version: '1.0.0/20240102030405', memberId: 'proxy', permanent: false },
  pkg: {
    ident: parseFullIdent('acme/proxy/2.0.0/20240102030405'),
    deps: [parseFullIdent('core/openssl/3.0.0/20240101000000')],
    env: [['PATH', '/bin']],
    exposes: ['80'],
    exports: [['port', 'port']],
    path: createLayout().prefix('acme', 'proxy', '2.0.0', '20240102030405'),
    svcUser: 'hab',
    svcGroup: 'hab',
    layout: createLayout().service('proxy'),
  },
  cfg: parseToml('port = 80'),
  svc: { serviceGroup: { service: 'proxy', group: 'default' }, members: [], me: member('proxy', '10.0.0.9', 'alive') },
  binds: [
    [
      'backend',
      {
        serviceGroup: { service: 'web', group: 'default' },
        members: [member('a', '10.0.0.1', 'alive'), member('b', '10.0.0.2', last)],
      },
    ],
  ],
});
