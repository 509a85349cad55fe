import { rejected } from './errors.ts';
import { formatServiceGroup, parseServiceGroup, type ServiceGroup } from './service-group.ts';

/** The service group that a service reads a bind from. */
export interface Bind {
  /** The name that the package gave the bind; may be empty, as in the originals. */
  readonly name: string;
  readonly serviceGroup: ServiceGroup;
}

/** A bind of one service inside a composite. */
export interface CompositeBind extends Bind {
  /** The member of the composite. */
  readonly service: string;
}

/** What a service does while a bound group is not there. */
export type BindingMode = 'strict' | 'relaxed';

export const DEFAULT_BINDING_MODE: BindingMode = 'strict';

const HINT = 'Write it as bind:service.group, for example db:postgresql.default.';

/**
 * Reads `bind:service.group[@organization]`.
 *
 * @throws {@link IdentError} `IDENT_BIND_INVALID` without exactly one colon, `IDENT_SERVICE_GROUP_INVALID`.
 * @see spec/formats, 3.2
 */
export function parseBind(text: string): Bind {
  const pieces = text.split(':', 3);
  const [name, group] = pieces;
  if (name === undefined || group === undefined || pieces.length !== 2) {
    throw rejected('IDENT_BIND_INVALID', 'Invalid binding', text, HINT);
  }
  return { name, serviceGroup: parseServiceGroup(group) };
}

/** Text form, without application and environment. */
export function formatBind(bind: Bind): string {
  const { service, group, organization } = bind.serviceGroup;
  return `${bind.name}:${formatServiceGroup({ service, group, organization })}`;
}

/**
 * Reads the three-part form for a service inside a composite, `service:bind:service.group`.
 *
 * @throws {@link IdentError} `IDENT_BIND_INVALID` without exactly two colons, `IDENT_SERVICE_GROUP_INVALID`.
 */
export function parseCompositeBind(text: string): CompositeBind {
  const pieces = text.split(':', 4);
  const [service, name, group] = pieces;
  if (service === undefined || name === undefined || group === undefined || pieces.length !== 3) {
    throw rejected(
      'IDENT_BIND_INVALID',
      'Invalid binding of a composite',
      text,
      'Write it as service:bind:service.group.',
    );
  }
  return { service, name, serviceGroup: parseServiceGroup(group) };
}

/** Text form of a composite's bind. */
export function formatCompositeBind(bind: CompositeBind): string {
  return `${bind.service}:${formatBind(bind)}`;
}

/** @throws {@link IdentError} `IDENT_BINDING_MODE_INVALID` for anything but `strict` and `relaxed`, in any case. */
export function parseBindingMode(text: string): BindingMode {
  const mode = text.length > 16 ? '' : text.toLowerCase();
  if (mode === 'strict' || mode === 'relaxed') return mode;
  throw rejected('IDENT_BINDING_MODE_INVALID', 'Invalid binding mode', text, 'Use strict or relaxed.');
}
