/** What decides in which of TOML's four string forms a text is written. */
interface TextFacts {
  readonly control: boolean;
  readonly backslash: boolean;
  readonly newline: boolean;
  readonly doubleQuotes: number;
  readonly singleQuotes: number;
}

function examine(text: string): TextFacts {
  return {
    control: /[\u0000-\u0008\u000b-\u001f\u007f]/.test(text),
    backslash: text.includes('\\'),
    newline: text.includes('\n'),
    doubleQuotes: longestRun(text, /"+/g),
    singleQuotes: longestRun(text, /'+/g),
  };
}

const longestRun = (text: string, runs: RegExp): number =>
  (text.match(runs) ?? []).reduce((longest, run) => Math.max(longest, run.length), 0);

/** A string as a TOML value: the plainest form that needs no escape. Table `toTomlStrings` of the templating vectors. */
export function formatTomlString(text: string): string {
  const facts = examine(text);
  const plain = !facts.control && !facts.backslash;
  const start = facts.newline ? '\n' : '';
  if (plain && facts.doubleQuotes === 0 && !facts.newline) return `"${escapeTabs(text)}"`;
  if (!facts.control && facts.singleQuotes === 0 && !facts.newline) return `'${text}'`;
  if (plain && facts.doubleQuotes <= 2) return `"""${start}${escapeTabs(text)}"""`;
  if (!facts.control && facts.singleQuotes <= 2) return `'''${start}${text}'''`;
  return facts.newline ? `"""\n${escapeText(text, true)}"""` : `"${escapeText(text, false)}"`;
}

/** A key: bare where TOML allows it, else quoted on one line. */
export function formatTomlKey(key: string): string {
  if (/^[A-Za-z0-9_-]+$/.test(key)) return key;
  const facts = examine(key);
  if (!facts.control && !facts.backslash && !facts.newline && facts.doubleQuotes === 0) return `"${escapeTabs(key)}"`;
  if (!facts.control && !facts.newline && facts.singleQuotes === 0) return `'${key}'`;
  return `"${escapeText(key, false)}"`;
}

const escapeTabs = (text: string): string => text.replaceAll('\t', '\\t');

const NAMED_ESCAPES: Readonly<Record<string, string>> = {
  '\b': '\\b',
  '\t': '\\t',
  '\n': '\\n',
  '\f': '\\f',
  '\r': '\\r',
  '\\': '\\\\',
};

/** Over several lines two quotes in a row end nothing, so only each third is escaped. */
function escapeText(text: string, lines: boolean): string {
  return text.replace(/"{1,3}|[\u0000-\u001f\\\u007f]/g, (character) => {
    if (character.startsWith('"')) return lines ? character.replace('"""', '""\\"') : character.replaceAll('"', '\\"');
    if (character === '\n' && lines) return character;
    const code = character.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0');
    return NAMED_ESCAPES[character] ?? `\\u${code}`;
  });
}
