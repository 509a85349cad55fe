import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

import { CALLBACKS, HELPERS } from '../src/index.ts';
import { SETTING_KINDS } from '../src/lint/index.ts';
import { explain, formatReferencePage, REFERENCE, REFERENCE_KINDS } from '../src/reference-index.ts';
import { POWERSHELL_CALLBACKS, POWERSHELL_HELPERS } from '../src/vocabulary.ts';

test('every callback and helper is explained', () => {
  const names = (kind: string): string[] => REFERENCE.filter((entry) => entry.kind === kind).map(({ name }) => name);
  expect(names('callback').sort()).toEqual([...CALLBACKS].sort());
  const powershell = [...POWERSHELL_HELPERS].filter((name) => !name.startsWith('invoke-default'));
  expect(
    names('helper')
      .map((name) => (name.includes('-') ? name.toLowerCase() : name))
      .sort(),
  ).toEqual([...HELPERS, ...powershell].sort());
  for (const name of [...POWERSHELL_CALLBACKS, ...POWERSHELL_HELPERS])
    expect([name, explain(name).length > 0]).toEqual([name, true]);
});

test('no name is explained twice in its kind, and each meaning is a sentence', () => {
  const keys = REFERENCE.map(({ kind, name }) => `${kind} ${name}`);
  expect(new Set(keys).size).toBe(keys.length);
  for (const { meaning } of REFERENCE) expect(meaning).toMatch(/[.:]( |$)|\.$/);
});

test.each([
  ['pkg_name', 'pkg_name'],
  ['$pkg_svc_run', 'pkg_svc_run'],
  ['${pkg_prefix', 'pkg_prefix'],
  ['{{pkg.path}}', 'pkg.path'],
  ['{{#eachAlive}}', 'eachAlive'],
  ['cfg.server.port', 'cfg'],
  ['do_default_build', 'do_build'],
  ['health-check', 'health-check'],
  ['Invoke-Build', 'do_build'],
  ['Invoke-DefaultSetupEnvironment', 'do_setup_environment'],
  ['do_begin_default', 'do_begin'],
  ['HAB_ENV_GEM_PATH_TYPE', 'HAB_ENV_<NAME>_TYPE'],
])('%s', (asked, name) => {
  expect(explain(asked).map((entry) => entry.name)).toEqual([name]);
});

test('every setting that is checked, and every name of the context of templates, is explained', () => {
  const context = `sys: version member_id ip hostname gossip_ip gossip_port http_gateway_ip http_gateway_port ctl_gateway_ip
    ctl_gateway_port permanent; pkg: ident origin name version release deps env exposes exports path svc_path svc_config_path
    svc_config_install_path svc_data_path svc_files_path svc_static_path svc_var_path svc_pid_file svc_run svc_user svc_group;
    svc: service group org election_is_running election_is_no_quorum election_is_finished update_election_is_running
    update_election_is_no_quorum update_election_is_finished me members leader first update_leader`;
  const fields = context.split(';').flatMap((part) => {
    const [table = '', names = ''] = part.trim().split(':');
    return names
      .trim()
      .split(/\s+/)
      .map((name) => `${table}.${name}`);
  });
  for (const name of [...SETTING_KINDS.keys(), ...fields]) expect(explain(name)[0]?.name).toBe(name);
});

test('a name that is none', () => {
  expect(explain('nothing.of.that')).toEqual([]);
  expect(explain('')).toEqual([]);
});

test.each(REFERENCE_KINDS)('the page of %ss is what the data gives; `node scripts/reference.ts` writes it', (kind) => {
  const page = readFileSync(new URL(`../../../docs/reference/${kind}s.md`, import.meta.url), 'utf8');
  expect(page).toBe(formatReferencePage(kind));
});
