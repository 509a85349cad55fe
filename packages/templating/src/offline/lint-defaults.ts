import { isTemplatingError } from '../errors.ts';
import { parseToml } from '../toml/parse-toml.ts';
import { type ConfigTable, isConfigTable } from '../values.ts';
import { Findings, type LintFinding } from './finding.ts';

/** Words of other formats that people write for true and false. */
const BARE_WORD = /^\s*[A-Za-z0-9_."'-]+\s*=\s*(yes|no|on|off|True|False|TRUE|FALSE|none|null)\b/;

/** Looks for what a `default.toml` does not mean to say. */
export function lintDefaults(text: string, source = 'default.toml'): readonly LintFinding[] {
  const findings = new Findings(text);
  try {
    checkTables(parseToml(text, { source }), text, findings);
  } catch (error) {
    if (!isTemplatingError(error, 'TEMPLATE_CONFIG_INVALID') && !isTemplatingError(error, 'TEMPLATE_LIMIT_EXCEEDED'))
      throw error;
    const line = 'line' in error.details ? (error.details.line ?? 1) : 1;
    const start = offsetOfLine(text, line);
    const word = BARE_WORD.exec(text.slice(start))?.[1];
    const hint =
      word === undefined
        ? (error.hint ?? 'See toml.io.')
        : `TOML has only true and false: write true, false or "${word}".`;
    findings.add('toml-syntax', start, word === undefined ? error.message : `${word} is no TOML value`, hint);
  }
  return findings.list();
}

/** `[web]` with nothing in it and `[[servers]]` after it: the items were meant to be inside. */
function checkTables(table: ConfigTable, text: string, findings: Findings): void {
  let header: { readonly name: string; readonly offset: number } | undefined;
  let offset = 0;
  for (const line of text.split('\n')) {
    const name = /^\s*\[([A-Za-z0-9_-]+)\]/.exec(line)?.[1];
    const items = /^\s*\[\[([A-Za-z0-9_-]+)\]\]/.exec(line)?.[1];
    if (name !== undefined) header = { name, offset };
    else if (items !== undefined && header !== undefined) reportEmpty(table, header, items, findings);
    else if (!/^\s*(?:#|$)/.test(line)) header = undefined;
    offset += line.length + 1;
  }
}

function reportEmpty(
  table: ConfigTable,
  { name, offset }: { readonly name: string; readonly offset: number },
  items: string,
  findings: Findings,
): void {
  const empty = table.get(name);
  if (!isConfigTable(empty) || empty.size > 0) return;
  const message = `[${name}] stays empty: [[${items}]] after it is a table of its own beside it`;
  findings.add('table-left-empty', offset, message, `Write [[${name}.${items}]] for items of ${name}.`);
}

function offsetOfLine(text: string, line: number): number {
  let offset = 0;
  for (let current = 1; current < line; current++) {
    const next = text.indexOf('\n', offset);
    if (next === -1) return offset;
    offset = next + 1;
  }
  return offset;
}
