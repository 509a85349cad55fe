import { compareByteOrder } from '@hab/ident';

import type { ConfigTable, ConfigValue } from '../values.ts';
import type { GroupFacts, InstallFacts, MemberFacts, PackageFacts, ServiceFacts, SysFacts } from './facts.ts';
import { addressEntries, electionEntries, identTable, memberTable } from './member-view.ts';

/**
 * The context of a service's templates: `sys`, `pkg`, `cfg`, `svc`, `bind`, with the fields and the order of fields of
 * Habitat 2.1 (it shows in `each` and `toJson`).
 *
 * @see spec/templating 9
 */
export function renderContext(facts: ServiceFacts): ConfigTable {
  const binds = [...(facts.binds ?? [])].sort(([a], [b]) => compareByteOrder(a, b));
  return new Map<string, ConfigValue>([
    ['sys', sysTable(facts.sys)],
    ['pkg', packageTable(facts.pkg, 'service')],
    ['cfg', facts.cfg],
    ['svc', groupTable(facts.svc)],
    ['bind', new Map(binds.map(([name, group]) => [name, bindTable(group)]))],
  ]);
}

/** The context of `install` and `uninstall` hooks and of `config_install`: `pkg` and `cfg`, nothing of the ring. */
export function installContext(facts: InstallFacts): ConfigTable {
  return new Map([
    ['pkg', packageTable(facts.pkg, 'install')],
    ['cfg', facts.cfg],
  ]);
}

function sysTable(facts: SysFacts): ConfigTable {
  return new Map<string, ConfigValue>([
    ['version', facts.version],
    ['member_id', facts.memberId],
    ...addressEntries(facts),
    ['permanent', facts.permanent],
  ]);
}

function packageTable(facts: PackageFacts, use: 'service' | 'install'): ConfigTable {
  const { ident, layout } = facts;
  const env = [...facts.env].sort(([a], [b]) => compareByteOrder(a, b));
  return new Map<string, ConfigValue>([
    ['ident', `${ident.origin}/${ident.name}/${ident.version}/${ident.release}`],
    ...identTable(ident),
    ['deps', facts.deps.map(identTable)],
    ['env', new Map(env)],
    ['exposes', facts.exposes],
    ['exports', new Map(facts.exports)],
    ['path', facts.path],
    ['svc_path', layout.directory],
    ['svc_config_path', layout.config],
    // Running services have no such directory of their own.
    ...(use === 'install' ? [['svc_config_install_path', layout.configInstall] as const] : []),
    ['svc_data_path', layout.data],
    ['svc_files_path', layout.files],
    ['svc_static_path', layout.static],
    ['svc_var_path', layout.var],
    ['svc_pid_file', layout.pid],
    ['svc_run', layout.run],
    ['svc_user', facts.svcUser],
    ['svc_group', facts.svcGroup],
  ]);
}

function groupTable(group: ServiceFacts['svc']): ConfigTable {
  const { me, serviceGroup } = group;
  const known = group.members.some(({ memberId }) => memberId === me.memberId);
  const facts = known ? group : { ...group, members: [...group.members, me] };
  const members = membersOf(facts);
  const leader = find(members, group.leaderId);
  return new Map<string, ConfigValue>([
    ['service', serviceGroup.service],
    ['group', serviceGroup.group],
    ['org', serviceGroup.organization ?? null],
    ...electionEntries('', group.election),
    ...electionEntries('update_', group.updateElection),
    ['me', find(members, me.memberId) ?? memberTable(me, group)],
    ['members', activeOf(members)],
    ['leader', leader ?? null],
    // Kept for old templates: the leader, else the first of all members by id, who may be dead.
    ['first', leader ?? members[0]?.table ?? null],
    ['update_leader', find(members, group.updateLeaderId) ?? null],
  ]);
}

function bindTable(group: GroupFacts): ConfigTable {
  const members = membersOf(group);
  const leader = find(members, group.leaderId) ?? null;
  return new Map<string, ConfigValue>([
    ['first', leader ?? members[0]?.table ?? null],
    ['leader', leader],
    ['members', activeOf(members)],
  ]);
}

interface MemberEntry {
  readonly facts: MemberFacts;
  readonly table: ConfigTable;
}

/** Ordered by member id, so that the same ring gives the same text. */
function membersOf(group: GroupFacts): readonly MemberEntry[] {
  const sorted = [...group.members].sort((a, b) => compareByteOrder(a.memberId, b.memberId));
  return sorted.map((facts) => ({ facts, table: memberTable(facts, group) }));
}

const find = (members: readonly MemberEntry[], id: string | undefined): ConfigTable | undefined =>
  id === undefined ? undefined : members.find(({ facts }) => facts.memberId === id)?.table;

const activeOf = (members: readonly MemberEntry[]): readonly ConfigTable[] =>
  members.filter(({ facts: { health } }) => health === 'alive' || health === 'suspect').map(({ table }) => table);
