import { isUnknown, type Text, Unknown } from './value.ts';

/** A program whose output follows from its arguments and its input alone. */
type Program = (args: readonly string[], input: Text) => Text;

const odd = (name: string): Unknown => new Unknown(`the output of ${name} with such arguments`);

/** Programs and builtins that plans use to compute values. */
const PROGRAMS: Readonly<Record<string, Program>> = {
  basename: ([path = '', suffix, ...rest]) => {
    if (path === '' || path.startsWith('-') || rest.length > 0) return odd('basename');
    const name = /[^/]/.test(path) ? (path.replace(/\/+$/, '').split('/').at(-1) ?? '') : '/';
    const cut = suffix !== undefined && suffix !== '' && name.endsWith(suffix) && name !== suffix;
    return `${cut ? name.slice(0, -suffix.length) : name}\n`;
  },
  dirname: ([path = '', ...rest]) => {
    if (path === '' || path.startsWith('-') || rest.length > 0) return odd('dirname');
    const parent = path
      .replace(/\/+$/, '')
      .replace(/[^/]*$/, '')
      .replace(/\/+$/, '');
    return `${parent !== '' ? parent : path.startsWith('/') ? '/' : '.'}\n`;
  },
  echo: (args) => {
    const first = args.findIndex((arg) => !/^-[neE]+$/.test(arg));
    const flags = args.slice(0, first < 0 ? args.length : first).join('');
    if (flags.includes('e')) return odd('echo');
    return args.slice(first < 0 ? args.length : first).join(' ') + (flags.includes('n') ? '' : '\n');
  },
  printf: ([format, ...args]) => {
    if (format === undefined || !/^(?!-)(?:[^\\%]|\\n|%[s%])*$/.test(format)) return odd('printf');
    let next = 0;
    let text = '';
    do {
      text += format
        .replaceAll('\\n', '\n')
        .replaceAll(/%[s%]/g, (found) => (found === '%%' ? '%' : (args[next++] ?? '')));
    } while (next < args.length && next > 0);
    return text;
  },
  cat: (args, input) => (args.length === 0 || (args.length === 1 && args[0] === '-') ? input : odd('cat')),
  cut: (args, input) => {
    const { delimiter, fields, rest } = readCut(args);
    if (isUnknown(input)) return input;
    if (fields === undefined || delimiter.length !== 1 || rest) return odd('cut');
    return eachLine(input, (line) => {
      const pieces = line.split(delimiter);
      if (pieces.length === 1) return line;
      return pieces.filter((_, i) => fields.some(([low, high]) => i + 1 >= low && i + 1 <= high)).join(delimiter);
    });
  },
  tr: ([from = '', to = '', ...rest], input) => {
    if (isUnknown(input)) return input;
    if (rest.length > 0) return odd('tr');
    if (from === '-d')
      return isPlainSet(to) ? [...input].filter((character) => !to.includes(character)).join('') : odd('tr');
    const lower = ['a-z', '[a-z]', '[:lower:]'];
    const upper = ['A-Z', '[A-Z]', '[:upper:]'];
    if (upper.includes(from) && lower.includes(to)) return input.replaceAll(/[A-Z]/g, (found) => found.toLowerCase());
    if (lower.includes(from) && upper.includes(to)) return input.replaceAll(/[a-z]/g, (found) => found.toUpperCase());
    if (!isPlainSet(from) || !isPlainSet(to) || to === '') return odd('tr');
    return [...input]
      .map((character) => (from.includes(character) ? (to[from.lastIndexOf(character)] ?? to.at(-1) ?? '') : character))
      .join('');
  },
};

/** By name. A map: names of plans may be those that every object has. */
export const PURE_PROGRAMS: ReadonlyMap<string, Program> = new Map(Object.entries(PROGRAMS));

const isPlainSet = (set: string): boolean =>
  set === '-' || (set !== '' && !set.startsWith('-') && !/[[\]\\]|.-./.test(set) && /^[ -~]+$/.test(set));

function eachLine(input: string, change: (line: string) => string): string {
  if (input === '') return '';
  const lines = (input.endsWith('\n') ? input.slice(0, -1) : input).split('\n');
  return `${lines.map(change).join('\n')}\n`;
}

function readCut(args: readonly string[]): {
  delimiter: string;
  fields: (readonly [number, number])[] | undefined;
  rest: boolean;
} {
  let [delimiter, rest] = ['\t', false];
  let fields: (readonly [number, number])[] | undefined;
  for (let i = 0; i < args.length; i++) {
    const arg = args[i] ?? '';
    const value = arg.length > 2 ? arg.slice(2) : (args[i + 1] ?? '');
    if (!/^-[df]/.test(arg)) {
      rest = true;
      continue;
    }
    if (arg.length === 2) i += 1;
    if (arg.startsWith('-d')) delimiter = value;
    else fields = value.split(',').map(readRange);
  }
  return { delimiter, fields: fields?.some(([low]) => Number.isNaN(low)) === true ? undefined : fields, rest };
}

function readRange(text: string): readonly [number, number] {
  const match = /^(\d*)(-?)(\d*)$/.exec(text);
  if (match === null || text === '' || text === '-') return [Number.NaN, 0];
  const low = match[1] === '' ? 1 : Number(match[1]);
  const high = match[2] === '' ? low : match[3] === '' ? Number.POSITIVE_INFINITY : Number(match[3]);
  return low < 1 || high < low ? [Number.NaN, 0] : [low, high];
}
