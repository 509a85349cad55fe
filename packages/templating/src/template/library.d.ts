// The parser of handlebars: an LALR automaton (jison) whose lexer and node factory are replaceable members.
declare module 'handlebars/dist/cjs/handlebars/compiler/parser.js' {
  export interface JisonLocation {
    readonly first_line: number;
    readonly last_line: number;
    readonly first_column: number;
    readonly last_column: number;
  }
  export interface JisonLexer {
    yytext: unknown;
    yyleng: number;
    yylineno: number;
    yylloc: JisonLocation;
    setInput(input: unknown): void;
    lex(): string | number;
  }
  export interface JisonParser {
    lexer: JisonLexer;
    yy: object;
    parseError(
      message: string,
      details: { readonly token: string | number; readonly expected: readonly string[] },
    ): never;
    parse(input: unknown): unknown;
  }
  const parser: JisonParser;
  export default parser;
}
