import type { ValueNode } from 'toml/lib/parser.js';

import { type ConfigDateKind, type ConfigTable, type ConfigValue, configDate } from '../values.ts';

/** A document that follows the grammar and breaks a rule about it. */
export class TomlFault extends Error {
  readonly offset: number;

  constructor(offset: number, message: string) {
    super(message);
    this.offset = offset;
  }
}

type MutableTable = Map<string, ConfigValue>;

/** How a table came to be decides who may add to it: by a header, on the way to one, by a dotted key, inline. */
type Origin = 'header' | 'implicit' | 'dotted' | 'inline' | 'array';

const DATE_KINDS: Readonly<Record<string, ConfigDateKind>> = {
  Date: 'offset-date-time',
  LocalDateTime: 'local-date-time',
  LocalDate: 'local-date',
  LocalTime: 'local-time',
};
const DATE_TEXT = /(?:\d{4}-\d\d-\d\d(?:[Tt ](?=\d\d:))?)?(?:\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:[Zz]|[+-]\d\d:\d\d)?)?/y;

/** Makes tables of the syntax nodes of one document and checks TOML's rules about defining things twice. */
export class TableBuilder {
  readonly root: MutableTable;
  readonly #text: string;
  readonly #maxDepth: number;
  readonly #origins = new WeakMap<object, Origin>();

  constructor(text: string, maxDepth: number) {
    this.#text = text;
    this.#maxDepth = maxDepth;
    this.root = this.#table('header');
  }

  /** @throws {@link TomlFault} */
  build(nodes: readonly ValueNode[]): ConfigTable {
    let current = this.root;
    for (const node of nodes) {
      // The grammar gives paths as lists of keys, values as nodes.
      if (node.type === 'Assign') this.#assign(current, node);
      else if (node.type === 'ObjectPath') current = this.#openTable(node.value as string[], node.offset);
      else if (node.type === 'ArrayPath') current = this.#openItem(node.value as string[], node.offset);
    }
    return this.root;
  }

  #table(origin: Origin): MutableTable {
    const table: MutableTable = new Map();
    this.#origins.set(table, origin);
    return table;
  }

  #originOf(value: ConfigValue | undefined): Origin | undefined {
    return typeof value === 'object' && value !== null ? this.#origins.get(value) : undefined;
  }

  /** `a.b.c = value`, in a document or in an inline table. */
  #assign(table: MutableTable, { key, value, offset }: ValueNode): void {
    const keys = (Array.isArray(key) ? key : [key]) as string[];
    this.#assertDepth(keys, offset);
    let current = table;
    for (const name of keys.slice(0, -1)) {
      const next = current.get(name) ?? this.#table('dotted');
      const origin = this.#originOf(next);
      if (origin !== 'dotted' && origin !== 'implicit') throw redefined(name, offset);
      current.set(name, next);
      // Only tables made here have an origin.
      current = next as MutableTable;
    }
    const last = keys.at(-1) ?? '';
    if (current.has(last)) throw redefined(last, offset);
    current.set(last, this.#value(value as ValueNode));
  }

  /** `[a.b]` */
  #openTable(path: readonly string[], offset: number): MutableTable {
    const parent = this.#parent(path, offset);
    const name = path.at(-1) ?? '';
    const existing = parent.get(name);
    if (existing !== undefined && this.#originOf(existing) !== 'implicit') throw redefined(name, offset);
    const table = existing === undefined ? this.#table('header') : (existing as MutableTable);
    this.#origins.set(table, 'header');
    // A table takes its place from its own header, also when [a.b] stood before [a], as in the originals.
    parent.delete(name);
    parent.set(name, table);
    return table;
  }

  /** `[[a.b]]` */
  #openItem(path: readonly string[], offset: number): MutableTable {
    const parent = this.#parent(path, offset);
    const name = path.at(-1) ?? '';
    const existing = parent.get(name);
    if (existing !== undefined && this.#originOf(existing) !== 'array') throw redefined(name, offset);
    const items = (existing ?? []) as ConfigValue[];
    this.#origins.set(items, 'array');
    const table = this.#table('header');
    items.push(table);
    parent.set(name, items);
    return table;
  }

  /** Where the last key of a header goes; a path through an array of tables means its newest item. */
  #parent(path: readonly string[], offset: number): MutableTable {
    this.#assertDepth(path, offset);
    let current = this.root;
    for (const name of path.slice(0, -1)) {
      const found = current.get(name) ?? this.#table('implicit');
      current.set(name, found);
      const next = this.#originOf(found) === 'array' ? (found as ConfigValue[]).at(-1) : found;
      const origin = this.#originOf(next);
      if (origin === undefined || origin === 'inline') throw redefined(name, offset);
      current = next as MutableTable;
    }
    return current;
  }

  #value({ type, value, offset }: ValueNode): ConfigValue {
    const kind = DATE_KINDS[type];
    if (kind !== undefined) {
      DATE_TEXT.lastIndex = offset;
      return configDate(kind, DATE_TEXT.exec(this.#text)?.[0] ?? String(value));
    }
    if (type === 'Array') return (value as ValueNode[]).map((item) => this.#value(item));
    if (type === 'InlineTable') {
      const table = this.#table('inline');
      for (const member of value as ValueNode[]) this.#assign(table, member);
      return table;
    }
    if (typeof value === 'bigint' && BigInt.asIntN(64, value) !== value) {
      throw new TomlFault(offset, 'the integer is outside the signed 64-bit range');
    }
    return value as bigint | number | boolean | string;
  }

  #assertDepth(path: readonly string[], offset: number): void {
    if (path.length > this.#maxDepth) throw new TomlFault(offset, `a key has more than ${this.#maxDepth} parts`);
  }
}

function redefined(key: string, offset: number): TomlFault {
  return new TomlFault(
    offset,
    `"${key.slice(0, 100)}" is defined already and cannot be defined again or extended here`,
  );
}
