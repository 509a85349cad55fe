import { thrownBy } from '@hab/core/testing';
import { parseIdent } from '@hab/ident';
import { expect, test } from 'vitest';

import { collectExports } from '../src/config/index.ts';
import {
  type ConfigTable,
  type ConfigValue,
  isTemplatingError,
  parseToml,
  renderTemplate,
  toConfigTable,
} from '../src/index.ts';
import { lintDefaults, lintTemplate } from '../src/offline/index.ts';

// Every snippet of the chapter about configuration templates. `vectors/templating/documented.json` has the loops and
// helpers with longer contexts; here each one stands as it is printed.

const withDefaults = (toml: string): ConfigTable => new Map([['cfg', parseToml(toml)]]);
const member = (ip: string, port: number, alive = true): object => ({ alive, sys: { ip }, cfg: { port } });
const group = (...members: object[]): never => ({ members }) as never;

test.for<[string, string, ConfigTable, string]>([
  ['a tunable', 'recv_buffer {{cfg.recv_buffer}}', withDefaults('recv_buffer = 128'), 'recv_buffer 128'],
  [
    'the path of the configuration',
    '{{pkg.svc_config_path}}',
    toConfigTable({ pkg: { svc_config_path: '/hab/svc/redis/config' } }),
    '/hab/svc/redis/config',
  ],
  [
    'the parent context in each',
    '{{#each svc.members ~}}\n  server {{sys.ip}}:{{../cfg.port}}\n{{/each}}\n',
    toConfigTable({ cfg: { port: 7 }, svc: group(member('10.0.0.1', 1), member('10.0.0.2', 2)) }),
    'server 10.0.0.1:7\nserver 10.0.0.2:7\n',
  ],
  [
    'if',
    '{{#if cfg.unixsocket ~}}\nunixsocket {{cfg.unixsocket}}\n{{/if ~}}\n',
    withDefaults('unixsocket = "/run/s"'),
    'unixsocket /run/s\n',
  ],
  ['if without a value', '{{#if cfg.unixsocket ~}}\nunixsocket {{cfg.unixsocket}}\n{{/if ~}}\n', withDefaults(''), ''],
  [
    'with',
    '{{#with cfg.repl ~}}\n  repl-backlog-size {{backlog-size}}\n  repl-backlog-ttl {{backlog-ttl}}\n  repl-disable-tcp-nodelay {{disable-tcp-nodelay}}\n{{/with ~}}\n',
    withDefaults('[repl]\nbacklog-size = 200\nbacklog-ttl = 100\ndisable-tcp-nodelay = "no"\n'),
    'repl-backlog-size 200\n  repl-backlog-ttl 100\n  repl-disable-tcp-nodelay no\n',
  ],
  [
    'an array of tables',
    '{{#each cfg.servers as |server| ~}}\nserver {\n  host {{server.host}}\n  port {{server.port}}\n}\n{{/each ~}}\n',
    withDefaults('[[servers]]\nhost = "host-1"\nport = 4545\n\n[[servers]]\nhost = "host-2"\nport = 3434\n'),
    'server {\n  host host-1\n  port 4545\n}\nserver {\n  host host-2\n  port 3434\n}\n',
  ],
  [
    'each over a table',
    '{{#each cfg.env ~}}\n  export {{toUppercase @key}}={{this}}\n{{/each ~}}\n',
    withDefaults('[env]\npath = "/bin"\nhome = "/root"\n'),
    'export PATH=/bin\nexport HOME=/root\n',
  ],
  [
    '@first',
    '"mongo": {\n  {{#each bind.database.members as |member| ~}}\n    {{#if @first ~}}\n      "host" : "{{member.sys.ip}}",\n      "port" : "{{member.cfg.port}}"\n    {{/if ~}}\n  {{/each ~}}\n}\n',
    toConfigTable({ bind: { database: group(member('10.1.0.1', 27017), member('10.1.0.2', 27017)) } }),
    '"mongo": {\n  "host" : "10.1.0.1",\n      "port" : "27017"\n    }\n',
  ],
  [
    '@last',
    '[{{#eachAlive bind.servers.members as |member| ~}}\n  "{{member.sys.ip}}"\n  {{#unless @last ~}}, {{/unless ~}}\n{{/eachAlive ~}}]',
    toConfigTable({
      bind: { servers: group(member('10.2.0.1', 1), member('10.2.0.2', 1, false), member('10.2.0.3', 1)) },
    }),
    '["10.2.0.1"\n  , "10.2.0.3"\n  ]',
  ],
  [
    '@last, as printed: the list opens elsewhere',
    '{{#eachAlive bind.servers.members as |member| ~}}\n  "{{member.sys.ip}}"\n  {{#unless @last ~}}, {{/unless ~}}\n{{/eachAlive ~}}]\n',
    toConfigTable({ bind: { servers: group(member('10.2.0.1', 1), member('10.2.0.3', 1)) } }),
    '"10.2.0.1"\n  , "10.2.0.3"\n  ]\n',
  ],
  ['a tag', '{{a_variable}}', toConfigTable({ a_variable: 'x' }), 'x'],
  ['toLowercase', 'my_value={{toLowercase "UPPER-CASE"}}', withDefaults(''), 'my_value=upper-case'],
  ['toUppercase', 'my_value={{toUppercase "lower-case"}}', withDefaults(''), 'my_value=LOWER-CASE'],
  ['strReplace', 'my_value={{strReplace "this is old" "old" "new"}}', withDefaults(''), 'my_value=this is new'],
  [
    'pkgPathFor',
    'export JAVA_HOME={{pkgPathFor "core/jre8"}}',
    toConfigTable({ pkg: { deps: [{ origin: 'core', name: 'jre8', version: '8u1', release: '20180101000000' }] } }),
    'export JAVA_HOME=/hab/pkgs/core/jre8/8u1/20180101000000',
  ],
  [
    'pkgPathFor and a file below it',
    '{{pkgPathFor "core/nginx"}}/config/fastcgi.conf',
    toConfigTable({ pkg: { deps: [{ origin: 'core', name: 'nginx', version: '1.15', release: '20180101000000' }] } }),
    '/hab/pkgs/core/nginx/1.15/20180101000000/config/fastcgi.conf',
  ],
  [
    'pkgPathFor of a package that is no dependency',
    '{{pkgPathFor "core/nginx"}}/config/fastcgi.conf',
    toConfigTable({ pkg: { deps: [] } }),
    '/config/fastcgi.conf',
  ],
  [
    'eachAlive',
    '{{~#eachAlive bind.backend.members as |member|}}\nserver ip {{member.sys.ip}}:{{member.cfg.port}}\n{{~/eachAlive}}\n',
    toConfigTable({ bind: { backend: group(member('10.3.0.1', 8080), member('10.3.0.2', 8080)) } }),
    '\nserver ip 10.3.0.1:8080\nserver ip 10.3.0.2:8080\n',
  ],
  [
    'toJson, with the servers where the text says they are',
    '{{toJson cfg.web}}',
    withDefaults(
      '[web]\n\n[[web.servers]]\nhost = "host-1"\nport = 4545\n\n[[web.servers]]\nhost = "host-2"\nport = 3434\n',
    ),
    '{\n  "servers": [\n    {\n      "host": "host-1",\n      "port": 4545\n    },\n    {\n      "host": "host-2",\n      "port": 3434\n    }\n  ]\n}',
  ],
  ['toToml', '{{toToml cfg.web}}', withDefaults('[web]\n\nport = 80\n'), 'port = 80\n'],
  ['toYaml', '{{toYaml cfg}}', withDefaults('[web]\n\nport = 80\n'), '---\nweb:\n  port: 80\n'],
  ['strJoin', '{{strJoin list ","}}', toConfigTable({ list: ['foo', 'bar', 'baz'] }), 'foo,bar,baz'],
  ['strJoin of a list in a table', '{{strJoin web.list "/"}}', toConfigTable({ web: { list: ['a', 'b'] } }), 'a/b'],
  ['strConcat', '{{strConcat "foo" "bar" "baz"}}', withDefaults(''), 'foobarbaz'],
  ['strConcat of a list', '{{strConcat web.list}}', toConfigTable({ web: { list: ['a', 'b'] } }), 'ab'],
  [
    'strConcat of a table: there is nothing to connect',
    '{{strConcat web}}',
    toConfigTable({ web: { list: ['a'] } }),
    '',
  ],
])('%s', ([, template, context, expected]) => {
  expect(renderTemplate(template, context)).toBe(expected);
});

test('what a consumer reads of its producer', () => {
  const producer = parseToml('[network]\nport = 5432\n[network.ssl]\nport = 5433\n');
  const exports = new Map([
    ['port', 'network.port'],
    ['ssl-port', 'network.ssl.port'],
  ]);
  const cfg = collectExports(producer, exports);
  expect([...cfg]).toEqual([
    ['port', 5432n],
    ['ssl-port', 5433n],
  ]);
  const members = ['10.4.0.1', '10.4.0.2'].map((ip) => {
    return new Map<string, ConfigValue>([
      ['alive', true],
      ['sys', new Map([['ip', ip]])],
      ['cfg', cfg],
    ]);
  });
  const context = new Map([['bind', new Map([['database', new Map([['members', members]])]])]]);
  const snippet =
    '{{~#eachAlive bind.database.members as |member|}}\n  database = "{{member.sys.ip}}:{{member.cfg.port}}"\n  database-secure = "{{member.sys.ip}}:{{member.cfg.ssl-port}}"\n{{~/eachAlive}}\n';
  const lines = ['10.4.0.1', '10.4.0.2'].map((ip) => `\n  database = "${ip}:5432"\n  database-secure = "${ip}:5433"`);
  expect(renderTemplate(snippet, context)).toBe(`${lines.join('')}\n`);
});

test('the shape of all blocks names a helper that does not exist', () => {
  const error = thrownBy(() => renderTemplate('{{#helper blockname}}\n  {{expression}}\n{{/helper}}\n', new Map()));
  expect(error).toMatchObject({ code: 'TEMPLATE_RENDER_FAILED', details: { line: 1, column: 1 } });
  expect(String(error)).toContain('"helper"');
});

test('joining a table is an error', () => {
  expect(thrownBy(() => renderTemplate('{{strJoin web}}', toConfigTable({ web: { list: ['a'] } })))).toMatchObject({
    code: 'TEMPLATE_RENDER_FAILED',
  });
  const error = thrownBy(() => renderTemplate('{{strJoin web ","}}', toConfigTable({ web: { list: ['a'] } })));
  expect(isTemplatingError(error, 'TEMPLATE_RENDER_FAILED')).toBe(true);
  expect(String(error)).toContain('must be a list, found a table');
});

test('the linter names a package that pkg_deps does not have', () => {
  const findings = lintTemplate('{{pkgPathFor "core/nginx"}}', { deps: [parseIdent('core/jre8')] });
  expect(findings).toMatchObject([{ rule: 'undeclared-dependency' }]);
});

test('a closing tag with one brace: the block stays open, and the linter shows the brace', () => {
  const snippet = '{{#if svc.me.follower ~}}\n  slaveof {{svc.leader.sys.ip}} {{svc.leader.cfg.port}}\n{/if ~}}\n';
  const error = thrownBy(() => renderTemplate(snippet, toConfigTable({})));
  expect(error).toMatchObject({ code: 'TEMPLATE_COMPILE_FAILED', details: { line: 1, column: 1 } });
  expect((error as { hint?: string }).hint).toContain('{{/if}}');
  expect(lintTemplate(snippet)).toMatchObject([
    { rule: 'syntax', line: 1 },
    { rule: 'single-brace', line: 3, hint: 'Write {{/if ~}}.' },
  ]);
});

test.for<[string, string]>([
  ['a = no', 'no is no value, write true, false or "no"'],
  ['a = True', 'True is no value, write true, false or "True"'],
  ['a = [1, null]', 'null is no value, write true, false or "null"'],
  ['a = nobody', '"n" cannot stand here'],
  ['a = = 1', '"=" cannot stand here'],
  ['a = [1', 'it ends too early'],
])('%s: the error is one that people read', ([text, problem]) => {
  expect(String(thrownBy(() => parseToml(text, { source: 'user.toml' })))).toMatch(
    new RegExp(`user\\.toml, line 1, column \\d+ is not TOML: ${problem}`),
  );
});

test('a bare "no" is no TOML: the error says where, the linter what to write', () => {
  const snippet = '[repl]\nbacklog-size = 200\nbacklog-ttl = 100\ndisable-tcp-nodelay = no\n';
  expect(thrownBy(() => parseToml(snippet))).toMatchObject({ code: 'TEMPLATE_CONFIG_INVALID', details: { line: 4 } });
  expect(lintDefaults(snippet)).toMatchObject([
    { rule: 'toml-syntax', line: 4, hint: 'TOML has only true and false: write true, false or "no".' },
  ]);
});

test('an array of tables outside its table: it renders something else than printed, and the linter says why', () => {
  const snippet = '[web]\n\n[[servers]]\nhost = "host-1"\nport = 4545\n\n[[servers]]\nhost = "host-2"\nport = 3434\n';
  expect(renderTemplate('{{toJson cfg.web}}', withDefaults(snippet))).toBe('{}');
  expect(lintDefaults(snippet)).toMatchObject([
    { rule: 'table-left-empty', line: 1, hint: 'Write [[web.servers]] for items of web.' },
  ]);
});
