/** A variable as the plan left it. A map keeps bash's order, which means nothing. */
export type ShellValue =
  | { readonly kind: 'string'; readonly value: string }
  | { readonly kind: 'list'; readonly values: readonly string[] }
  | { readonly kind: 'map'; readonly entries: ReadonlyMap<string, string> };

/** Variables by name; what is unset is absent. */
export type ShellVariables = ReadonlyMap<string, ShellValue>;

/**
 * Reads the fields of a `variables` message: name, kind, count, values, again and again.
 *
 * @param before - Variables that keep their values unless the message has others.
 * @throws Error when the fields do not add up, which is a bug of ours or of nobody we trust.
 */
export function parseShellVariables(fields: readonly string[], before: ShellVariables = new Map()): ShellVariables {
  const variables = new Map(before);
  for (let at = 0; at < fields.length; ) {
    const [name, kind, count] = [fields[at], fields[at + 1], Number(fields[at + 2])];
    const values = fields.slice(at + 3, at + 3 + count);
    if (name === undefined || !Number.isSafeInteger(count) || values.length !== count || (kind === 'A' && count % 2)) {
      throw new Error('A row of shell variables does not add up');
    }
    at += 3 + count;
    if (kind === 's') variables.set(name, { kind: 'string', value: values[0] ?? '' });
    else if (kind === 'a') variables.set(name, { kind: 'list', values });
    else if (kind === 'A') variables.set(name, { kind: 'map', entries: pairs(values) });
    else variables.delete(name);
  }
  return variables;
}

function pairs(values: readonly string[]): ReadonlyMap<string, string> {
  const entries = new Map<string, string>();
  for (let i = 0; i + 1 < values.length; i += 2) entries.set(values[i] ?? '', values[i + 1] ?? '');
  return entries;
}

/** What `"$name"` gives: the text, or the first value of a list; empty when unset. */
export function textOf(variables: ShellVariables, name: string): string {
  const value = variables.get(name);
  if (value === undefined) return '';
  if (value.kind === 'string') return value.value;
  return value.kind === 'list' ? (value.values[0] ?? '') : (value.entries.get('0') ?? '');
}

/** True when the variable is set, be it to nothing. */
export function isSet(variables: ShellVariables, name: string): boolean {
  const value = variables.get(name);
  if (value?.kind === 'list') return value.values.length > 0;
  return value !== undefined;
}

/** What `"${name[@]}"` gives; a plain text is a list of one, an empty one of none. */
export function listOf(variables: ShellVariables, name: string): readonly string[] {
  const value = variables.get(name);
  if (value === undefined) return [];
  if (value.kind === 'string') return value.value === '' ? [] : [value.value];
  return value.kind === 'list' ? value.values : [...value.entries.values()];
}

/** The entries of a map; anything else has none. */
export function mapOf(variables: ShellVariables, name: string): ReadonlyMap<string, string> {
  const value = variables.get(name);
  return value?.kind === 'map' ? value.entries : new Map();
}

/** Where the declaration of a variable begins in what `declare -p` prints. */
const DECLARATION = /^declare -[A-Za-z-]+ ([A-Za-z_][A-Za-z0-9_]*)/;

/**
 * Names of variables whose declarations contain a text. Values may imitate declarations: then there are more names, which
 * whoever uses them must look up.
 *
 * @param declarations - What `declare -p` printed.
 */
export function variablesWith(declarations: string, text: string): readonly string[] {
  const names = new Set<string>();
  let current = '';
  for (const line of declarations.split('\n')) {
    current = DECLARATION.exec(line)?.[1] ?? current;
    if (current !== '' && line.includes(text)) names.add(current);
  }
  return [...names];
}
