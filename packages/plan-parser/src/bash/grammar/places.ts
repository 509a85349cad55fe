import { forEachChild, type SyntaxNode } from 'unbash';

import type { Place } from './scanner.ts';

const MAX_DEPTH = 400;

export type Places = ReadonlyMap<number, Place>;

/** Where expansions begin, and what the tree takes them for. */
export function placesOf(nodes: readonly SyntaxNode[]): Places {
  const places = new Map<number, Place>();
  const look = (node: SyntaxNode, depth: number): void => {
    if (depth > MAX_DEPTH) return;
    if (node.type === 'ArithmeticExpansion') places.set(node.pos, 'arithmetic');
    else if ((node.type === 'CommandExpansion' || node.type === 'ProcessSubstitution') && node.script !== undefined) {
      places.set(node.pos, node.script);
      // It has positions of its own.
      if (node.script.source !== undefined) return;
    }
    forEachChild(node, (child) => look(child, depth + 1));
  };
  for (const node of nodes) look(node, 0);
  return places;
}
