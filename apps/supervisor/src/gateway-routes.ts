import type { Layout } from '@hab/core';
import { formatServiceGroup, type ServiceGroup } from '@hab/ident';
import { httpStatusOfHealth, type RestartPolicy, serviceView, sysView } from '@hab/services';
import type { LoadedService, ServiceManager } from '@hab/services/node';
import { EMPTY_TABLE, formatJson, type PlainValue, type SysFacts, toConfigValue } from '@hab/templating';

import { inspectService } from './config-requests.ts';
import type { GatewayAnswer, GatewayRoutes } from './http-gateway.ts';
import type { LocalRing } from './local-ring.ts';

export interface RouteCollaborators {
  readonly manager: ServiceManager;
  readonly ring: LocalRing;
  readonly layout: Layout;
  readonly sys: SysFacts;
  readonly policy: RestartPolicy;
}

const json = (value: PlainValue): GatewayAnswer => text(formatJson(toConfigValue(value), { indent: 0 }));
const text = (body: string, status = 200): GatewayAnswer => ({ status, type: 'application/json', body });
const NOT_FOUND = text('', 404);

const INDEX = `<!doctype html><title>Habitat Supervisor</title><h1>Habitat Supervisor</h1><ul>
<li><a href="/services">/services</a>: loaded services</li>
<li>/services/SERVICE/GROUP[/ORGANIZATION]: one service; below it <code>/config</code>, <code>/config/sources</code> and <code>/health</code></li>
<li><a href="/census">/census</a>: service groups and their members</li>
<li><a href="/butterfly">/butterfly</a>: what this member has heard</li>
</ul>
`;

/** What the HTTP gateway answers. See spec/supervisor 12. */
export function createRoutes(world: RouteCollaborators): GatewayRoutes {
  return (path) => {
    const [first, ...rest] = path;
    if (first === undefined) return { status: 200, type: 'text/html; charset=utf-8', body: INDEX };
    if (first === 'butterfly' && rest.length === 0) return text(world.ring.butterflyJson());
    if (first === 'census' && rest.length === 0) return text(world.ring.censusJson());
    return first === 'services' ? services(rest, world) : NOT_FOUND;
  };
}

function services(path: readonly string[], world: RouteCollaborators): GatewayAnswer {
  const { manager } = world;
  if (path.length === 0) return json(manager.services.flatMap((loaded) => viewOf(loaded, world) ?? []));
  const [detail, rest] = splitDetail(path);
  const [service = '', group = '', organization, ...more] = rest;
  if (more.length > 0) return NOT_FOUND;
  if (/[#@.]/.test(service + group) || group === '') return text('', 400);
  const wanted = formatServiceGroup({ service, group, organization });
  const loaded = manager.services.find((candidate) => groupText(candidate.group) === wanted);
  if (loaded === undefined) return NOT_FOUND;
  if (detail === 'health') return health(loaded);
  if (detail === 'config/sources') return sources(loaded);
  if (detail === 'config') return json(loaded.service?.config ?? EMPTY_TABLE);
  const view = viewOf(loaded, world);
  return view === undefined ? NOT_FOUND : json(view);
}

/** What of a service is asked for, behind its name. */
function splitDetail(path: readonly string[]): readonly [string | undefined, readonly string[]] {
  for (const words of [['config', 'sources'], ['config'], ['health']]) {
    const name = path.slice(0, -words.length);
    if (name.length >= 2 && words.every((word, i) => path[name.length + i] === word)) return [words.join('/'), name];
  }
  return [undefined, path];
}

/** Ours: the layers of the configuration and which of them each value comes from. */
function sources(loaded: LoadedService): GatewayAnswer {
  const { service } = loaded;
  return service === undefined ? NOT_FOUND : text(inspectService(loaded, service, false));
}

const groupText = (group: ServiceGroup): string => formatServiceGroup(group);

function health({ service }: LoadedService): GatewayAnswer {
  const { health: state, stdout, stderr } = service?.runner.health ?? { health: 'Unknown', stdout: '', stderr: '' };
  const body = formatJson(toConfigValue({ status: state.toUpperCase(), stdout, stderr }), { indent: 0 });
  return text(body, httpStatusOfHealth(state));
}

/** A service that never got as far as its package has nothing to show. */
function viewOf(
  { spec, group, service, pkg, last, problem }: LoadedService,
  { layout, sys, policy }: RouteCollaborators,
): PlainValue | undefined {
  const shown = service ?? last;
  if (pkg === undefined || shown === undefined) return undefined;
  const paths = layout.service(pkg.ident.name);
  const { supervisor } = layout;
  return serviceView({
    spec,
    serviceGroup: group,
    pkg,
    env: shown.env,
    user: shown.identity.user,
    group: shown.identity.group,
    cfg: shown.config,
    health: shown.runner.health.health,
    lifecycle: shown.runner.state,
    hooks: shown.hooks,
    policy,
    problem,
    sys: sysView(sys),
    paths: {
      supRoot: supervisor.directory,
      data: supervisor.data,
      specs: supervisor.specs,
      memberId: supervisor.memberId,
      lock: supervisor.lock,
      specFile: `${supervisor.specs}/${spec.ident.name}.spec`,
      service: paths,
      hook: paths.hook,
      hookLog: paths.hookLog,
    },
  });
}
