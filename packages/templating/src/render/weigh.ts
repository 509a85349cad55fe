import { type ConfigValue, isConfigArray, isConfigTable } from '../values.ts';

const CHARACTERS_PER_ITEM_LOG2 = 4;

/**
 * How much there is to go through in a value: items, members and every 16 characters of text.
 *
 * @param known - Weights of lists and tables of the same rendering, which changes none of them.
 */
export function weigh(value: ConfigValue | undefined, known: Map<object, number>): number {
  if (typeof value === 'string') return 1 + (value.length >> CHARACTERS_PER_ITEM_LOG2);
  if (typeof value !== 'object' || value === null) return 1;
  const before = known.get(value);
  if (before !== undefined) return before;
  let weight = 1;
  if (isConfigArray(value)) for (const item of value) weight += weigh(item, known);
  else if (isConfigTable(value)) {
    for (const [key, member] of value) weight += weigh(key, known) + weigh(member, known);
  }
  known.set(value, weight);
  return weight;
}
