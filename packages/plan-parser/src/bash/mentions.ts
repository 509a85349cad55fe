/** Commands that may assign to a name that stands nowhere. */
const ANY =
  /\b(?:eval|source|builtin|command|trap|exit|return|exec|set|shopt|alias|enable|coproc)\b|(?:^|[\s;&|({`])\.\s/;
const NAMING =
  /\b(?:declare|typeset|local|export|readonly|read|mapfile|readarray|printf|getopts|let|unset)\b[^\n]*["'$\\{`*?[]/;

/**
 * Names that stand in a text which nobody can be sure to read aright.
 *
 * @returns undefined: what it assigns to may be named elsewhere.
 */
export function namesIn(text: string, functions: readonly string[]): ReadonlySet<string> | undefined {
  const joined = text.replaceAll('\\\n', '');
  if (ANY.test(joined) || NAMING.test(joined)) return undefined;
  const names = new Set<string>();
  for (const [name] of joined.matchAll(/[A-Za-z_]\w*/g)) names.add(name);
  return functions.some((name) => names.has(name)) ? undefined : names;
}
