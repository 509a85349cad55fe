// The grammar of the `toml` package without its own result, which loses the order of integer-looking keys and the text
// of dates.
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
