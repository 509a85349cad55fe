import { type PlanFacts, planFacts } from '../../src/plan-variables.ts';
import type { ShellValue, ShellVariables } from '../../src/shell-variables.ts';

/** Variables as a plan would leave them. */
export function variables(values: Record<string, string | readonly string[] | Record<string, string>>): ShellVariables {
  const entries = Object.entries(values).map(([name, value]): readonly [string, ShellValue] => {
    if (typeof value === 'string') return [name, { kind: 'string', value }];
    if (Array.isArray(value)) return [name, { kind: 'list', values: value }];
    return [name, { kind: 'map', entries: new Map(Object.entries(value)) }];
  });
  return new Map(entries);
}

export const ZEE = {
  pkg_name: 'zee',
  pkg_origin: 'acme',
  pkg_version: '1.2.13',
  pkg_prefix: '/hab/pkgs/acme/zee/1.2.13/20261121115058',
  pkg_svc_user: 'hab',
  pkg_svc_group: 'hab',
};

export const facts = (values: Parameters<typeof variables>[0] = {}): PlanFacts =>
  planFacts(variables({ ...ZEE, ...values }));
