import type { Helper } from '../render/helper.ts';
import { conditional, eachAliveHelper, eachHelper, logHelper, rawHelper, withHelper } from './blocks.ts';
import { TEXT_FUNCTIONS, textHelper } from './texts.ts';
import { COMPARISONS, lenHelper, lookupHelper } from './values.ts';

/** The helpers of the dialects `documented` and `2.1`, by name. See spec/templating 6 and 7. */
export const HELPERS: ReadonlyMap<string, Helper> = new Map<string, Helper>([
  ['if', conditional(true)],
  ['unless', conditional(false)],
  ['each', eachHelper],
  ['with', withHelper],
  ['eachAlive', eachAliveHelper],
  ['lookup', lookupHelper],
  ['raw', rawHelper],
  ['log', logHelper],
  ['len', lenHelper],
  ...Object.entries(COMPARISONS),
  ...Object.entries(TEXT_FUNCTIONS).map(([name, write]): [string, Helper] => [name, textHelper(name, write)]),
]);

/** Names of the helpers that the legacy engines have. */
export const LEGACY_HELPER_NAMES: ReadonlySet<string> = new Set([
  'if',
  'unless',
  'each',
  'with',
  'eachAlive',
  'lookup',
  'raw',
  'log',
  ...Object.keys(TEXT_FUNCTIONS),
]);
