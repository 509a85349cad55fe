import { rejected } from './errors.ts';
import { MAX_SERVICE_GROUP_LENGTH } from './limits.ts';

/** `service.group[@organization]`: the unit that gossip, binds and leader election speak about. */
export interface ServiceGroup {
  readonly service: string;
  readonly group: string;
  readonly organization?: string | undefined;
}

/** The prefix `application.environment#` that Habitat 0.64 put in front of a service group. */
export interface ApplicationEnvironment {
  readonly application: string;
  readonly environment: string;
}

/** A service group as 0.64 knew it. */
export interface LegacyServiceGroup extends ServiceGroup {
  readonly applicationEnvironment?: ApplicationEnvironment | undefined;
}

/** The group of a service that was started without naming one. */
export const DEFAULT_GROUP = 'default';

const SERVICE_GROUP = /^(?:([^#@]+)#)?([^#@.]+)\.([^#@.]+)(?:@([^#@.]+))?$/;
const APPLICATION_ENVIRONMENT = /^([^#.@]+)\.([^#.@]+)$/;

/**
 * Reads `[application.environment#]service.group[@organization]`. Like 2.x, accepts the prefix whatever it holds and
 * drops it.
 *
 * @throws {@link IdentError} `IDENT_SERVICE_GROUP_INVALID`, also past 1,024 characters.
 * @see spec/formats, 3.1
 */
export function parseServiceGroup(text: string): ServiceGroup {
  return split(text).group;
}

/**
 * Reads a service group as 0.64 does: the prefix is kept and checked.
 *
 * @throws {@link IdentError} `IDENT_SERVICE_GROUP_INVALID` or `IDENT_APPLICATION_ENVIRONMENT_INVALID`.
 */
export function parseLegacyServiceGroup(text: string): LegacyServiceGroup {
  const { prefix, group } = split(text);
  return prefix === undefined ? group : { ...group, applicationEnvironment: parseApplicationEnvironment(prefix) };
}

/** @throws {@link IdentError} `IDENT_APPLICATION_ENVIRONMENT_INVALID` for anything else than `application.environment`. */
export function parseApplicationEnvironment(text: string): ApplicationEnvironment {
  const match = text.length > MAX_SERVICE_GROUP_LENGTH ? null : APPLICATION_ENVIRONMENT.exec(text);
  const [, application, environment] = match ?? [];
  if (application !== undefined && environment !== undefined) return { application, environment };
  throw rejected(
    'IDENT_APPLICATION_ENVIRONMENT_INVALID',
    'Invalid application and environment',
    text,
    'Write them as application.environment.',
  );
}

/** Text form; the prefix is printed only where there is one. */
export function formatServiceGroup(group: LegacyServiceGroup): string {
  const { service, organization, applicationEnvironment } = group;
  const prefix =
    applicationEnvironment === undefined
      ? ''
      : `${applicationEnvironment.application}.${applicationEnvironment.environment}#`;
  return `${prefix}${service}.${group.group}${organization === undefined ? '' : `@${organization}`}`;
}

/** The same group in another organization. */
export function withOrganization<G extends ServiceGroup>(group: G, organization: string): G {
  return { ...group, organization };
}

function split(text: string): { readonly prefix: string | undefined; readonly group: ServiceGroup } {
  const match = text.length > MAX_SERVICE_GROUP_LENGTH ? null : SERVICE_GROUP.exec(text);
  const [, prefix, service, group, organization] = match ?? [];
  if (service === undefined || group === undefined) {
    throw rejected(
      'IDENT_SERVICE_GROUP_INVALID',
      'Invalid service group',
      text,
      'Write it as service.group or service.group@organization.',
    );
  }
  return { prefix, group: organization === undefined ? { service, group } : { service, group, organization } };
}
