import { type Bind, formatServiceGroup } from '@hab/ident';

import { ServiceError } from './errors.ts';
import type { DeclaredBind, ServicePackage } from './service-package.ts';

/**
 * Checks the binds of a spec against what the package declares.
 *
 * @throws {@link ServiceError} `SERVICE_BINDS_INVALID`: first for required binds that are missing, then for unknown ones.
 * @see spec/supervisor 4.3
 */
export function checkBinds(binds: readonly Bind[], { binds: required, bindsOptional }: ServicePackage): void {
  const given = new Set(binds.map(({ name }) => name));
  const missing = required.map(({ name }) => name).filter((name) => !given.has(name));
  if (missing.length > 0) throw invalid('Missing required bind(s)', missing);
  const declared = new Set([...required, ...bindsOptional].map(({ name }) => name));
  const unknown = [...given].filter((name) => !declared.has(name));
  if (unknown.length > 0) throw invalid('Invalid bind(s)', unknown);
}

function invalid(problem: string, names: readonly string[]): ServiceError<'SERVICE_BINDS_INVALID'> {
  return new ServiceError('SERVICE_BINDS_INVALID', `${problem}, ${names.join(', ')}`, {
    details: { names },
    hint: 'Give each required bind as --bind NAME:SERVICE.GROUP; `hab pkg binds` lists them.',
  });
}

/** What a bind's group looks like from here. */
export type BindStatus =
  | { readonly type: 'not-present' }
  | { readonly type: 'empty' }
  | { readonly type: 'unsatisfied'; readonly missing: readonly string[] }
  | { readonly type: 'satisfied' };

/** The census of a bound group: undefined when the ring does not know it. */
export interface BoundGroup {
  /** Members that are alive or suspect. */
  readonly activeMembers: number;
  /** Keys that the group exports. */
  readonly exportedKeys: ReadonlySet<string>;
}

export function statusOfBind(declared: DeclaredBind, group: BoundGroup | undefined): BindStatus {
  if (group === undefined) return { type: 'not-present' };
  if (group.activeMembers === 0) return { type: 'empty' };
  const missing = declared.exports.filter((key) => !group.exportedKeys.has(key));
  return missing.length > 0 ? { type: 'unsatisfied', missing } : { type: 'satisfied' };
}

/** The line that an operator sees when a bind's status changes. */
export function describeBindStatus(bind: Bind, status: BindStatus): string {
  const group = formatServiceGroup(bind.serviceGroup);
  switch (status.type) {
    case 'not-present':
      return `Bind '${bind.name}' waits: nobody in the ring runs '${group}'`;
    case 'empty':
      return `Bind '${bind.name}' waits: no member of '${group}' is alive`;
    case 'unsatisfied':
      return `Bind '${bind.name}' waits: '${group}' does not export ${status.missing.join(', ')}`;
    case 'satisfied':
      return `The group '${group}' satisfies the \`${bind.name}\` bind`;
  }
}
