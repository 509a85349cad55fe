import * as z from 'zod';

const text = z.string();
const port = z.int().min(0).max(65_535);
const flag = z.boolean();
/** Configuration is the package's own: any table. */
const configuration = z.record(z.string(), z.unknown()).describe('Configuration of the package');

const ident = z.strictObject({ origin: text, name: text, version: text, release: text });

const addresses = {
  ip: text,
  hostname: text,
  gossip_ip: text,
  gossip_port: port,
  http_gateway_ip: text,
  http_gateway_port: port,
  ctl_gateway_ip: text,
  ctl_gateway_port: port,
};

const sys = z
  .strictObject({ version: text, member_id: text, ...addresses, permanent: flag })
  .describe('The local Supervisor');

const packageFields = {
  ident: text,
  origin: text,
  name: text,
  version: text,
  release: text,
  deps: z.array(ident),
  env: z.record(z.string(), text),
  exposes: z.array(text),
  exports: z.record(z.string(), text),
  path: text,
  svc_path: text,
  svc_config_path: text,
  svc_data_path: text,
  svc_files_path: text,
  svc_static_path: text,
  svc_var_path: text,
  svc_pid_file: text,
  svc_run: text,
  svc_user: text,
  svc_group: text,
};

const elections = {
  election_is_running: flag,
  election_is_no_quorum: flag,
  election_is_finished: flag,
  update_election_is_running: flag,
  update_election_is_no_quorum: flag,
  update_election_is_finished: flag,
};

const member = z
  .strictObject({
    member_id: text,
    pkg: ident,
    pkg_incarnation: z.int().min(0),
    package: text,
    service: text,
    group: text,
    org: text.nullable(),
    persistent: flag,
    leader: flag,
    follower: flag,
    update_leader: flag,
    update_follower: flag,
    ...elections,
    sys: z.strictObject(addresses),
    alive: flag,
    suspect: flag,
    confirmed: flag,
    departed: flag,
    cfg: configuration,
  })
  .describe('A member of a service group; cfg is what it exports');

const svc = z
  .strictObject({
    service: text,
    group: text,
    org: text.nullable(),
    ...elections,
    me: member,
    members: z.array(member),
    leader: member.nullable(),
    first: member.nullable(),
    update_leader: member.nullable(),
  })
  .describe('The service group of this service');

const bind = z.strictObject({ first: member.nullable(), leader: member.nullable(), members: z.array(member) });

/** What templates of a running service see, as JSON. */
export const serviceContext: z.ZodType = z.strictObject({
  sys,
  pkg: z.strictObject(packageFields).describe('The package of this service'),
  cfg: configuration,
  svc,
  bind: z.record(z.string(), bind).describe('The groups that satisfied binds name'),
});

/** What install and uninstall hooks and `config_install` see, as JSON. */
export const installContext: z.ZodType = z.strictObject({
  pkg: z.strictObject({ ...packageFields, svc_config_install_path: text }).describe('The package'),
  cfg: configuration,
});

/** The parts of a context that mock data may give; every level may be incomplete. */
export const mockData: z.ZodType = z.strictObject({
  sys: z.record(z.string(), z.unknown()).optional(),
  pkg: z.record(z.string(), z.unknown()).optional(),
  cfg: z.record(z.string(), z.unknown()).optional(),
  svc: z.record(z.string(), z.unknown()).optional(),
  bind: z.record(z.string(), z.unknown()).optional(),
});
