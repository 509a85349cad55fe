/**
 * How a text is written. Further lines stand at the indentation of their place: those of a block, and those of a
 * quoted text that holds a line separator of Unicode.
 */
export interface YamlScalar {
  readonly type: 'line' | 'quoted' | 'block';
  /** Header of a block, else empty. */
  readonly header: string;
  /** Each with the break that ends it. */
  readonly lines: readonly string[];
}

const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;
const PREFIXED_INTEGER = /^[+-]?0(?:x[\da-fA-F]{1,32}|o[0-7]{1,42}|b[01]{1,128})$/;
const WORD = /^(?:|~|null|Null|NULL|true|True|TRUE|false|False|FALSE|[+-]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$/;

/** A plain text that a YAML reader would take for null, a boolean or a number. */
function looksTyped(text: string): boolean {
  return WORD.test(text) || PREFIXED_INTEGER.test(text) || (NUMBER.test(text) && Number.isFinite(Number(text)));
}

/** Characters that only a double-quoted text can show: controls but the line feed, the byte-order mark. */
const SPECIAL = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\ufeff\ufffe\uffff]/;
const BREAKS = /[\n\r\u0085\u2028\u2029]/;
const FIRST_INDICATOR = /^[,[\]{}#&*!|>'"%@`]/;
const INDICATOR = /^[-?:](?:[ \n\u2028\u2029]|$)|:(?:[ \n\u2028\u2029]|$)|[ \n\u2028\u2029]#|^(?:---|\.\.\.)/;

/**
 * Chooses the form of a text: plain where it reads back as text, else single-quoted, else double-quoted; a literal
 * block for more than one line. Table `toYamlStrings` of the templating vectors.
 */
export function formatYamlString(text: string): YamlScalar {
  const special = SPECIAL.test(text) || / [\n\u2028\u2029]/.test(text);
  if (text.includes('\n')) {
    if (special || text.endsWith(' ')) return onOneLine(doubleQuoted(text));
    return { type: 'block', header: blockHeader(text), lines: splitLines(text) };
  }
  if (special || /[\u2028\u2029] /.test(text)) return onOneLine(doubleQuoted(text));
  if (isPlain(text)) return onOneLine(text);
  return { type: 'quoted', header: '', lines: splitLines(text.replaceAll("'", "''")) };
}

function isPlain(text: string): boolean {
  return (
    !looksTyped(text) &&
    !/^ | $/.test(text) &&
    !BREAKS.test(text) &&
    !FIRST_INDICATOR.test(text) &&
    !INDICATOR.test(text)
  );
}

/** A text that has to be read as one is in the way of a key that stands before its colon. */
export const isMultiline = (text: string): boolean => BREAKS.test(text);

const onOneLine = (text: string): YamlScalar => ({ type: 'line', header: '', lines: [text] });

const splitLines = (text: string): string[] => text.split(/(?<=[\n\u2028\u2029])/);

function blockHeader(text: string): string {
  const indentation = /^[ \n\u2028\u2029]/.test(text) ? '2' : '';
  const ends = /[\n\u2028\u2029]$/.test(text);
  const chomping = !ends ? '-' : text.length === 1 || /[\n\u2028\u2029]{2}$/.test(text) ? '+' : '';
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
    const numbered = code < 256 ? `x${digits.padStart(2, '0')}` : `u${digits.padStart(4, '0')}`;
    return `\\${NAMED_ESCAPES[character] ?? numbered}`;
  });
  return `"${escaped}"`;
}
