/** A broken rule and where. */
export interface Finding {
  readonly file: string;
  readonly line: number;
  readonly rule: string;
  readonly text: string;
}

const IMPORT =
  /^\s*(?:import|export)\b[^'"]*?from\s*['"]([^'"]+)['"]|^\s*import\s*['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]\s*\)/;

/** Specifiers a source imports, with their lines. Statements over several lines end in the line with `from`. */
export function importsOf(source: string): { readonly specifier: string; readonly line: number }[] {
  const found: { specifier: string; line: number }[] = [];
  source.split('\n').forEach((text, index) => {
    const match = IMPORT.exec(text) ?? /^\s*\}\s*from\s*['"]([^'"]+)['"]/.exec(text);
    const specifier = match?.[1] ?? match?.[2] ?? match?.[3];
    if (specifier !== undefined) found.push({ specifier, line: index + 1 });
  });
  return found;
}

/** Globals that make a module depend on where and when it runs. */
const IMPURE: readonly (readonly [RegExp, string])[] = [
  [/\bprocess\.[a-z]/, 'process'],
  [/\bBuffer\b/, 'Buffer'],
  [/\bDate\.now\(|\bnew Date\(\)/, 'the clock'],
  [/\bMath\.random\(/, 'Math.random'],
  [/(?<![.\w])(?:setTimeout|setInterval|setImmediate|queueMicrotask)\(/, 'a timer'],
  // At the start of a line it is a method of that name.
  [/(?<![.\w])(?<!^\s*)fetch\(/, 'fetch'],
  [/(?<![.\w])crypto\./, 'crypto'],
  [/\bnew Function\(|(?<![.\w])eval\(/, 'eval'],
];

/** Rules of a library's source. `path` is relative to the repository. */
export function checkLibrarySource(path: string, source: string): Finding[] {
  const findings: Finding[] = [];
  // What only tests import may use the machine.
  const isNode = path.includes('/src/node/') || path.includes('/src/testing/');
  const lines = source.split('\n');
  const add = (line: number, rule: string, text: string): void => void findings.push({ file: path, line, rule, text });
  for (const { specifier, line } of importsOf(source)) {
    if (specifier.startsWith('node:') && !isNode) add(line, 'pure', `${specifier} outside src/node`);
    if (specifier.startsWith('.') && !/\.(ts|js)$/.test(specifier)) add(line, 'extension', specifier);
  }
  lines.forEach((text, index) => {
    const code = text.replace(/\/\/.*$|^\s*\*.*$|^\s*\/\*\*.*$/, '').replace(/'[^']*'|`[^`]*`|"[^"]*"/g, "''");
    if (!isNode) {
      for (const [pattern, name] of IMPURE) if (pattern.test(code)) add(index + 1, 'pure', `uses ${name}`);
    }
    if (/\bprocess\.(env|exit|cwd)\b|\bhomedir\(/.test(code)) add(index + 1, 'injected', text.trim());
    if (/console\./.test(code)) add(index + 1, 'silent', text.trim());
    if (!path.startsWith('packages/core/') && /['"`]\/hab(\/|['"`])/.test(text.replace(/^\s*(\*|\/\*|\/\/).*$/, ''))) {
      add(index + 1, 'layout', text.trim());
    }
  });
  return findings;
}

/** Longest file without a word on why it is one concept. */
const MAX_LINES = 400;

export function checkSize(path: string, source: string): Finding[] {
  const lines = source.split('\n').length;
  if (lines <= MAX_LINES || /One concept:/.test(source)) return [];
  return [
    { file: path, line: lines, rule: 'size', text: `${lines} lines; look for the seam, or say "One concept:" and why` },
  ];
}

/** An import of one of our packages must be declared, and not lead up a floor. */
export function checkFloors(
  path: string,
  source: string,
  floor: number,
  floorOfPackage: (name: string) => number | undefined,
): Finding[] {
  return importsOf(source).flatMap(({ specifier, line }) => {
    const name = /^(@hab\/[^/]+)/.exec(specifier)?.[1];
    const target = name === undefined ? undefined : floorOfPackage(name);
    if (target === undefined || target <= floor) return [];
    return [
      { file: path, line, rule: 'floors', text: `${specifier} is on floor ${target}, this file on floor ${floor}` },
    ];
  });
}
