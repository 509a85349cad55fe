import type { Node } from 'web-tree-sitter';

/** A node without the wrappers that hold nothing but one other node. */
export function innermost(node: Node): Node {
  let current = node;
  for (;;) {
    const [only] = current.namedChildren;
    if (current.namedChildCount !== 1 || only == null) return current;
    if (only.startIndex !== current.startIndex || only.endIndex !== current.endIndex) return current;
    current = only;
  }
}

/** Named children, each without its wrappers; comments left out. */
export function parts(node: Node): Node[] {
  return node.namedChildren.filter((child): child is Node => child != null && child.type !== 'comment').map(innermost);
}
