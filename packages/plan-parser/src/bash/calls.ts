import { forEachChild, type parse, type SyntaxNode } from 'unbash';

import type { HelperCall } from '../plan-reading.ts';
import { isHelper } from '../vocabulary.ts';

const MAX_DEPTH = 400;

/** Calls of helpers anywhere in a text, functions included. */
export function helperCalls(file: string, script: ReturnType<typeof parse>): HelperCall[] {
  const calls: HelperCall[] = [];
  const look = (node: SyntaxNode, depth: number): void => {
    if (depth > MAX_DEPTH) return;
    if (node.type === 'Command' && node.name !== undefined && isHelper(node.name.value)) {
      const span = { file, start: node.pos, end: node.end };
      calls.push({ name: node.name.value, words: node.args.map((argument) => argument.text), span });
    }
    forEachChild(node, (child) => look(child, depth + 1));
  };
  look(script, 0);
  return calls;
}
