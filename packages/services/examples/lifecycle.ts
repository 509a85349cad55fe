import { DEFAULT_RESTART_POLICY, initialLifecycle, type LifecycleInput, stepLifecycle } from '@hab/services';

const inputs: readonly LifecycleInput[] = [
  { type: 'begin' },
  { type: 'init-finished', ok: true },
  { type: 'started', pid: 4711 },
  { type: 'exited', pid: 4711, exit: { code: null, signal: 'SIGKILL' } },
  { type: 'post-stop-finished' },
];
let state = initialLifecycle(0);
for (const [second, input] of inputs.entries()) {
  const step = stepLifecycle(state, input, { nowMs: second * 1000, random: 0.5, policy: DEFAULT_RESTART_POLICY });
  console.log(input.type, '->', step.effects.map((effect) => effect.type).join(', '));
  state = step.state;
}
