import { formatBind, formatIdent } from '@hab/ident';

import type { ServiceSpec } from './spec.ts';

/** What to do so that what runs becomes what the disk says. */
export type Reconciliation =
  | { readonly type: 'nothing' }
  | { readonly type: 'start'; readonly spec: ServiceSpec }
  | { readonly type: 'stop' }
  | { readonly type: 'restart'; readonly spec: ServiceSpec }
  | { readonly type: 'update'; readonly spec: ServiceSpec };

/** Compares one service's running spec with the one on disk. See spec/supervisor 5.4. */
export function reconcile(running: ServiceSpec | undefined, onDisk: ServiceSpec | undefined): Reconciliation {
  const wanted = onDisk?.desiredState === 'up' ? onDisk : undefined;
  if (running === undefined) return wanted === undefined ? { type: 'nothing' } : { type: 'start', spec: wanted };
  if (wanted === undefined) return { type: 'stop' };
  if (processKey(running) !== processKey(wanted)) return { type: 'restart', spec: wanted };
  return updateKey(running) === updateKey(wanted) ? { type: 'nothing' } : { type: 'update', spec: wanted };
}

/** Everything that a running process cannot take over. */
function processKey(spec: ServiceSpec): string {
  return JSON.stringify([
    formatIdent(spec.ident),
    spec.group,
    spec.topology,
    spec.binds.map(formatBind),
    spec.bindingMode,
    spec.configFrom ?? null,
    spec.shutdownTimeoutSec ?? null,
    spec.svcEncryptedPassword ?? null,
    spec.healthCheckIntervalSec,
  ]);
}

/** What only the updater reads. */
function updateKey(spec: ServiceSpec): string {
  return JSON.stringify([spec.bldrUrl, spec.channel, spec.updateStrategy, spec.updateCondition]);
}
