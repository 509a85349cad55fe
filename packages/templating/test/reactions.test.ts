import { expect, test } from 'vitest';

import { reactionToChanges } from '../src/config/index.ts';
import { tableCases } from './vectors.ts';

interface ReactionCase {
  readonly changed: string;
  readonly reconfigureHook: boolean;
  readonly reaction: string;
  readonly reason?: string;
}

test.for(tableCases('changeReaction') as ReactionCase[])(
  '$changed with a reconfigure hook: $reconfigureHook',
  (given) => {
    const [folder, hook] = given.changed.split('/');
    const reaction = reactionToChanges({
      hooks: folder === 'hooks' && hook !== undefined ? [hook] : [],
      config: given.changed === 'config',
      reconfigureHook: given.reconfigureHook,
    });
    expect(reaction).toEqual({ type: given.reaction, ...(given.reason === undefined ? {} : { reason: given.reason }) });
  },
);

test('a restart wins over a reconfiguration, the init hook over the run hook', () => {
  expect(reactionToChanges({ hooks: ['reconfigure', 'run', 'init'], config: true, reconfigureHook: true })).toEqual({
    type: 'restart',
    reason: 'init_hook_updated',
  });
});
