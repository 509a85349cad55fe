// The two halves of the `toml` package. Its entry point joins them and loses what we need in between: the order of
// integer-looking keys and the text of dates.
declare module 'toml/lib/parser.js' {
  export interface ValueNode {
    readonly type: string;
    readonly value: unknown;
    readonly offset: number;
    readonly key?: unknown;
  }
  const parser: { parse(input: string, options?: { readonly maxDepth?: number }): readonly ValueNode[] };
  export default parser;
}

declare module 'toml/lib/compiler.js' {
  import type { ValueNode } from 'toml/lib/parser.js';

  const compiler: { compile(nodes: readonly ValueNode[], input: string, options: { readonly bigint: true }): unknown };
  export default compiler;
}
