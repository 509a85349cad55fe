import { type ConfigValue, isConfigArray, isConfigDate, isConfigTable } from '../values.ts';

/** What is known of a value before there is one. */
export type Shape =
  | { readonly type: 'any' }
  | { readonly type: 'scalar' }
  | { readonly type: 'date' }
  | { readonly type: 'list'; readonly item: Shape }
  /** `others`: what every key that is not among the members has; absent: there are no other keys. */
  | { readonly type: 'table'; readonly members: ReadonlyMap<string, Shape>; readonly others?: Shape | undefined };

export const ANY: Shape = { type: 'any' };
const SCALAR: Shape = { type: 'scalar' };

/** The shape of a value that stands for all later ones: of an empty list or table nothing is known. */
export function shapeOf(value: ConfigValue | undefined): Shape {
  if (value === undefined || value === null) return ANY;
  if (isConfigDate(value)) return { type: 'date' };
  if (isConfigArray(value))
    return { type: 'list', item: value.map(shapeOf).reduce<Shape | undefined>(joinOptional, undefined) ?? ANY };
  if (!isConfigTable(value)) return SCALAR;
  if (value.size === 0) return ANY;
  return { type: 'table', members: new Map([...value].map(([key, member]) => [key, shapeOf(member)])) };
}

export function tableShape(members: Readonly<Record<string, Shape>>, others?: Shape): Shape {
  return { type: 'table', members: new Map(Object.entries(members)), others };
}

const joinOptional = (a: Shape | undefined, b: Shape): Shape => (a === undefined ? b : joinShapes(a, b));

/** What two values have between them: a key of either may be there. */
function joinShapes(a: Shape, b: Shape): Shape {
  if (a.type === 'list' && b.type === 'list') return { type: 'list', item: joinShapes(a.item, b.item) };
  if (a.type !== 'table' || b.type !== 'table') return a.type === b.type ? a : ANY;
  const members = new Map(a.members);
  for (const [key, shape] of b.members) {
    const known = members.get(key);
    members.set(key, known === undefined ? shape : joinShapes(known, shape));
  }
  return { type: 'table', members };
}

/** The shape one step down; undefined when there is nothing there. */
export function stepInto(shape: Shape, key: string): Shape | undefined {
  if (shape.type === 'any') return ANY;
  if (shape.type === 'list') return /^\+?\d+$/.test(key) ? shape.item : undefined;
  if (shape.type === 'table') return shape.members.get(key) ?? shape.others;
  return undefined;
}

/** What a loop runs over. */
export function itemOf(shape: Shape | undefined): Shape {
  if (shape?.type === 'list') return shape.item;
  if (shape?.type !== 'table') return ANY;
  const members = [...shape.members.values()];
  return shape.others ?? members.reduce<Shape | undefined>(joinOptional, undefined) ?? ANY;
}
