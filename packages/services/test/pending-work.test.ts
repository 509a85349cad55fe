import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';

import type { ChangeReaction } from '../src/index.ts';
import { formatReaction, parseReaction, readPending, removeFile, writePending } from '../src/node/pending-work.ts';

test('what is kept is for that very process', () => {
  const path = join(mkdtempSync(join(tmpdir(), 'hab-pending-')), 'work');
  expect(readPending(path, 12)).toBeUndefined();
  writePending(path, 12, 'reconfigure');
  expect([readPending(path, 12), readPending(path, 1), readPending(path, 123)]).toEqual([
    'reconfigure',
    undefined,
    undefined,
  ]);
  writePending(path, 13);
  expect([readPending(path, 12), readPending(path, 13)]).toEqual([undefined, '']);
  writeFileSync(path, 'nonsense');
  expect(readPending(path, 13)).toBeUndefined();
  removeFile(path);
  removeFile(path);
});

test.for<[string, ChangeReaction | undefined]>([
  ['reconfigure', { type: 'reconfigure' }],
  ['app_config_updated', { type: 'restart', reason: 'app_config_updated' }],
  ['run_hook_updated', { type: 'restart', reason: 'run_hook_updated' }],
  ['run_hook_failed', undefined],
  ['', undefined],
  ['__proto__', undefined],
])('%j as a reaction', ([text, reaction]) => {
  expect(parseReaction(text)).toEqual(reaction);
  if (reaction !== undefined) expect(formatReaction(reaction)).toBe(text);
});
