import type { Node } from 'web-tree-sitter';

import { innermost, parts } from './syntax.ts';

/** Something that reading alone cannot tell. */
export class Computed {
  readonly reason: string;

  constructor(reason: string) {
    this.reason = reason;
  }
}

/** What an expression of PowerShell gives. Maps keep the names as they are written. */
export type PowerShellValue = string | readonly string[] | ReadonlyMap<string, string> | Computed;

/** Value of a variable by its name in lower case; undefined: never set. */
export type Lookup = (name: string) => PowerShellValue | undefined;

const MAX_DEPTH = 64;
const ESCAPES: Readonly<Record<string, string>> = {
  n: '\n',
  r: '\r',
  t: '\t',
  '0': '\0',
  a: '\x07',
  b: '\b',
  f: '\f',
  v: '\v',
};

const isComputed = (value: unknown): value is Computed => value instanceof Computed;
const isList = (value: PowerShellValue): value is readonly string[] => Array.isArray(value);

/** Evaluates what needs no more than the text. @see spec/cli 11.5 */
export function evaluate(wrapped: Node, lookup: Lookup, depth = 0): PowerShellValue {
  if (depth > MAX_DEPTH) return new Computed('an expression nested too deep');
  const node = innermost(wrapped);
  const inner = (child: Node): PowerShellValue => evaluate(child, lookup, depth + 1);
  switch (node.type) {
    case 'expandable_string_literal':
      return expandable(node, node.text.slice(1, -1), 1, inner);
    case 'verbatim_string_characters':
      return node.text.slice(1, -1).replaceAll("''", "'");
    case 'expandable_here_string_literal': {
      const head = /^@"[ \t]*\r?\n/.exec(node.text)?.[0].length ?? 2;
      return expandable(node, node.text.slice(head).replace(/\r?\n?"@$/, ''), head, inner);
    }
    case 'verbatim_here_string_characters':
      return node.text.replace(/^@'[ \t]*\r?\n/, '').replace(/\r?\n?'@$/, '');
    case 'variable':
    case 'braced_variable':
      return variable(node.text, lookup);
    case 'decimal_integer_literal':
    case 'real_literal':
      return /^-?[0-9]+(?:\.[0-9]+)?$/.test(node.text) ? node.text : new Computed('a number with a unit');
    case 'array_expression':
    case 'array_literal_expression':
      return list(node.type === 'array_expression' ? elementsOf(node) : parts(node), inner);
    case 'hash_literal_expression':
      return table(node, inner);
    case 'parenthesized_expression':
    case 'sub_expression': {
      const children = elementsOf(node);
      return children.length === 1 && children[0] !== undefined
        ? inner(children[0])
        : new Computed('several statements');
    }
    case 'cast_expression': {
      const [type, operand] = parts(node);
      const value = operand === undefined ? new Computed('a cast') : inner(operand);
      return type?.text.toLowerCase() === '[string]' && typeof value === 'string' ? value : new Computed('a cast');
    }
    case 'additive_expression':
      return sum(node, inner);
    case 'invokation_expression':
      return invoke(node, inner);
    case 'command':
    case 'command_name':
      return new Computed(`the output of ${node.text.slice(0, 60)}`);
    default:
      return new Computed(`a ${node.type.replaceAll('_', ' ')}`);
  }
}

/** Children of `@( … )`, `( … )` and `$( … )`, out of their statements. */
function elementsOf(node: Node): Node[] {
  return parts(node).flatMap((child) => (child.type === 'statement_list' ? parts(child) : [child]));
}

function variable(text: string, lookup: Lookup): PowerShellValue {
  const name = (text.startsWith('${') ? text.slice(2, -1) : text.slice(1)).replace(/^(?:script|global|local):/i, '');
  if (name.includes(':')) return new Computed(`${text}, which the machine sets`);
  const value = lookup(name.toLowerCase());
  return value ?? new Computed(`${text}, which the plan does not set`);
}

/** @param offset - Where `body` begins in the text of the node. */
function expandable(
  node: Node,
  body: string,
  offset: number,
  inner: (child: Node) => PowerShellValue,
): PowerShellValue {
  let text = '';
  let at = node.startIndex + offset;
  const end = at + body.length;
  const source = node.text;
  const literal = (until: number): void => {
    const raw = source.slice(at - node.startIndex, until - node.startIndex);
    text += raw.replaceAll(/`(.)|""/gs, (_found, escaped: string | undefined) =>
      escaped === undefined ? '"' : (ESCAPES[escaped] ?? escaped),
    );
  };
  for (const child of node.namedChildren) {
    if (child == null || child.startIndex < at || child.endIndex > end) continue;
    literal(child.startIndex);
    const value = inner(child);
    if (isComputed(value)) return value;
    if (typeof value !== 'string' && !isList(value)) return new Computed('a table inside a text');
    text += typeof value === 'string' ? value : value.join(' ');
    at = child.endIndex;
  }
  literal(end);
  return text;
}

function list(children: readonly Node[], inner: (child: Node) => PowerShellValue): PowerShellValue {
  const elements: string[] = [];
  for (const child of children) {
    const value = inner(child);
    if (isComputed(value)) return value;
    if (typeof value === 'string') elements.push(value);
    else if (isList(value)) for (const element of value) elements.push(element);
    else return new Computed('a table inside a list');
  }
  return elements;
}

function table(node: Node, inner: (child: Node) => PowerShellValue): PowerShellValue {
  const entries = new Map<string, string>();
  for (const entry of parts(node).flatMap((child) => (child.type === 'hash_literal_body' ? parts(child) : [child]))) {
    const [key, value] = entry.type === 'hash_entry' ? parts(entry) : [];
    if (key === undefined || value === undefined) continue;
    const name = key.type === 'simple_name' ? key.text : inner(key);
    const text = inner(value);
    if (isComputed(name)) return name;
    if (isComputed(text)) return text;
    if (typeof name !== 'string' || (typeof text !== 'string' && !isList(text)))
      return new Computed('a table of tables');
    entries.set(name, typeof text === 'string' ? text : text.join(' '));
  }
  return entries;
}

function sum(node: Node, inner: (child: Node) => PowerShellValue): PowerShellValue {
  const [first, second, ...rest] = parts(node);
  const operator = node.text
    .slice((first?.endIndex ?? 0) - node.startIndex, (second?.startIndex ?? 0) - node.startIndex)
    .trim();
  if (first === undefined || second === undefined || rest.length > 0 || operator !== '+')
    return new Computed('arithmetic');
  const [left, right] = [inner(first), inner(second)];
  if (isComputed(left)) return left;
  if (isComputed(right)) return right;
  if (isList(left)) return typeof right === 'string' || isList(right) ? left.concat(right) : new Computed('a sum');
  const isNumber = first.type.endsWith('_literal') && /^[0-9]/.test(first.text);
  return typeof left === 'string' && typeof right === 'string' && !isNumber ? left + right : new Computed('a sum');
}

/** Methods of texts that need no more than the text. */
function invoke(node: Node, inner: (child: Node) => PowerShellValue): PowerShellValue {
  const [target, name, args] = parts(node);
  if (target === undefined || name === undefined) return new Computed('a call');
  const value = inner(target);
  if (isComputed(value)) return value;
  const words = args === undefined ? [] : argumentsOf(args).map(inner);
  const [first, second] = words;
  if (typeof value !== 'string' || words.some((word) => typeof word !== 'string'))
    return new Computed(`a call of ${name.text}`);
  switch (name.text.toLowerCase()) {
    case 'replace':
      return typeof first === 'string' && first !== '' && typeof second === 'string'
        ? value.replaceAll(first, () => second)
        : new Computed('a call of Replace');
    case 'tolower':
      return words.length === 0 ? value.toLowerCase() : new Computed('a call of ToLower');
    case 'toupper':
      return words.length === 0 ? value.toUpperCase() : new Computed('a call of ToUpper');
    case 'trim':
      return words.length === 0 ? value.trim() : new Computed('a call of Trim');
    default:
      return new Computed(`a call of ${name.text}`);
  }
}

function argumentsOf(node: Node): Node[] {
  return parts(node).flatMap((child) => (child.type === 'argument_expression_list' ? parts(child) : [child]));
}
