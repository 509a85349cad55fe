/** How a text is written; a literal block needs the indentation of its place. */
export type YamlScalar =
  | { readonly type: 'line'; readonly text: string }
  | { readonly type: 'block'; readonly header: string };

const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;
const PREFIXED_INTEGER = /^[+-]?0(?:x[\da-fA-F]{1,32}|o[0-7]{1,42}|b[01]{1,128})$/;
const WORD = /^(?:|~|null|Null|NULL|true|True|TRUE|false|False|FALSE|[+-]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$/;

/** A plain text that a YAML reader would take for null, a boolean or a number. */
function looksTyped(text: string): boolean {
  return WORD.test(text) || PREFIXED_INTEGER.test(text) || (NUMBER.test(text) && Number.isFinite(Number(text)));
}

/** Characters that only a double-quoted text can show: controls but the line feed, breaks of other scripts, marks. */
const SPECIAL = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]/;
const FIRST_INDICATOR = /^[,[\]{}#&*!|>'"%@`]/;
const INDICATOR = /^[-?:](?:\s|$)|:(?:\s|$)|\s#|^(?:---|\.\.\.)/;

/**
 * Chooses the form of a text: plain where it reads back as text, else single-quoted, else double-quoted; a literal
 * block for more than one line. Table `toYamlStrings` of the templating vectors.
 */
export function formatYamlString(text: string): YamlScalar {
  const quotedOnly = SPECIAL.test(text) || / \n/.test(text);
  if (text.includes('\n')) {
    return quotedOnly || text.endsWith(' ') ? line(doubleQuoted(text)) : { type: 'block', header: blockHeader(text) };
  }
  if (quotedOnly) return line(doubleQuoted(text));
  const plain = !looksTyped(text) && !/^ | $/.test(text) && !FIRST_INDICATOR.test(text) && !INDICATOR.test(text);
  return line(plain ? text : `'${text.replaceAll("'", "''")}'`);
}

const line = (text: string): YamlScalar => ({ type: 'line', text });

function blockHeader(text: string): string {
  const indentation = /^[ \n]/.test(text) ? '2' : '';
  const chomping = !text.endsWith('\n') ? '-' : text === '\n' || text.endsWith('\n\n') ? '+' : '';
  return `|${indentation}${chomping}`;
}

const NAMED_ESCAPES: Readonly<Record<string, string>> = {
  '\0': '0',
  '\u0007': 'a',
  '\b': 'b',
  '\t': 't',
  '\n': 'n',
  '\v': 'v',
  '\f': 'f',
  '\r': 'r',
  '\u001b': 'e',
  '"': '"',
  '\\': '\\',
  '\u0085': 'N',
  '\u2028': 'L',
  '\u2029': 'P',
};

function doubleQuoted(text: string): string {
  const escaped = text.replace(/["\\\n]|[\u0000-\u001f\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]/g, (character) => {
    const code = character.charCodeAt(0);
    const digits = code.toString(16).toUpperCase();
    return `\\${NAMED_ESCAPES[character] ?? (code < 256 ? `x${digits.padStart(2, '0')}` : `u${digits.padStart(4, '0')}`)}`;
  });
  return `"${escaped}"`;
}
