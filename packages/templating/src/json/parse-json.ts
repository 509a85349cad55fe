import { locate, TemplatingError } from '../errors.ts';
import { MAX_CONFIG_BYTES, MAX_CONFIG_DEPTH } from '../limits.ts';
import { parseJsonNumber } from '../numbers.ts';
import { assertConfigSize } from '../text-size.ts';
import type { ParseConfigOptions } from '../toml/parse-toml.ts';
import type { ConfigValue } from '../values.ts';

/**
 * Reads JSON into the same values as TOML: integers exact, `1.0` a float, keys in order (also integer-looking ones);
 * of a repeated key the last value stands at the first place. `JSON.parse` can do none of the three.
 *
 * @throws {@link TemplatingError} `TEMPLATE_CONFIG_INVALID` with line and column, `TEMPLATE_LIMIT_EXCEEDED`.
 */
export function parseJson(text: string, options: ParseConfigOptions = {}): ConfigValue {
  const { source = 'the text', maxBytes = MAX_CONFIG_BYTES } = options;
  assertConfigSize(text, source, maxBytes);
  const reader = new JsonReader(text, (offset, problem) => invalid(text, source, offset, problem));
  const value = reader.value(0);
  reader.end();
  return value;
}

function invalid(text: string, source: string, offset: number, problem: string): TemplatingError {
  const { line, column } = locate(text, offset);
  const message = `${source}, line ${line}, column ${column} is not JSON: ${problem}`;
  return new TemplatingError('TEMPLATE_CONFIG_INVALID', message, { details: { source, format: 'json', line, column } });
}

const STRING = /"(?:[^"\\\u0000-\u001f]|\\.)*"/y;
const NUMBER = /-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const WORD = /true|false|null/y;
const SPACE = /[ \t\r\n]*/y;
const WORDS: Readonly<Record<string, ConfigValue>> = { true: true, false: false, null: null };

class JsonReader {
  #offset = 0;
  readonly #text: string;
  readonly #fail: (offset: number, problem: string) => Error;

  constructor(text: string, fail: (offset: number, problem: string) => Error) {
    this.#text = text;
    this.#fail = fail;
  }

  value(depth: number): ConfigValue {
    if (depth > MAX_CONFIG_DEPTH) throw this.#fail(this.#offset, `nested deeper than ${MAX_CONFIG_DEPTH}`);
    this.#match(SPACE);
    const first = this.#text[this.#offset];
    if (first === '{') return this.#object(depth);
    if (first === '[') return this.#array(depth);
    if (first === '"') return this.#string();
    const word = this.#match(WORD);
    if (word !== undefined) return WORDS[word] ?? null;
    const start = this.#offset;
    const number = this.#match(NUMBER);
    const parsed = number === undefined ? undefined : parseJsonNumber(number);
    if (parsed === undefined) throw this.#fail(start, 'expected a value');
    return parsed;
  }

  end(): void {
    this.#match(SPACE);
    if (this.#offset < this.#text.length) throw this.#fail(this.#offset, 'expected the end of the text');
  }

  #object(depth: number): ConfigValue {
    const members = new Map<string, ConfigValue>();
    this.#list('}', () => {
      const key = this.#string();
      if (!this.#take(':')) throw this.#fail(this.#offset, "expected ':'");
      members.set(key, this.value(depth + 1));
    });
    return members;
  }

  #array(depth: number): ConfigValue {
    const items: ConfigValue[] = [];
    this.#list(']', () => items.push(this.value(depth + 1)));
    return items;
  }

  /** Items separated by commas between the bracket at the offset and `close`. */
  #list(close: string, item: () => void): void {
    this.#offset++;
    if (this.#take(close)) return;
    for (;;) {
      this.#match(SPACE);
      item();
      if (this.#take(close)) return;
      if (!this.#take(',')) throw this.#fail(this.#offset, `expected ',' or '${close}'`);
    }
  }

  #string(): string {
    const start = this.#offset;
    const quoted = this.#match(STRING);
    if (quoted === undefined) throw this.#fail(start, 'expected a text in double quotes');
    const text = unquote(quoted);
    if (text === undefined) throw this.#fail(start, 'the text has an escape that JSON does not know');
    return text;
  }

  #take(character: string): boolean {
    this.#match(SPACE);
    if (this.#text[this.#offset] !== character) return false;
    this.#offset++;
    return true;
  }

  #match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#offset;
    const found = pattern.exec(this.#text)?.[0];
    if (found !== undefined) this.#offset += found.length;
    return found;
  }
}

/** @returns undefined for an unknown escape and for half of a surrogate pair, which is no character. */
function unquote(quoted: string): string | undefined {
  try {
    const text: unknown = JSON.parse(quoted);
    return typeof text === 'string' && !/\p{Surrogate}/u.test(text) ? text : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
