import { styleText } from 'node:util';

import { visible } from './visible.ts';

/** Where a program writes. */
export interface TerminalStream {
  write(text: string): unknown;
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
}

export type Glyphs = 'full' | 'limited' | 'ascii';

export interface UiOptions {
  readonly stdout: TerminalStream;
  readonly stderr: TerminalStream;
  /** Colours on standard output and on standard error. */
  readonly color: { readonly stdout: boolean; readonly stderr: boolean };
  readonly glyphs: Glyphs;
  /** Queries answer in JSON: everything else moves to standard error. */
  readonly json: boolean;
}

type Hue = 'green' | 'cyan' | 'red' | 'yellow' | 'magenta';

const GLYPHS = {
  full: ['↑', '☛', '✓', '☑', 'Ω', '☒', '→', '☁', '↓', '…', '∵', '»', '★', 'Ø', '✗✗✗'],
  limited: ['↑', '→', '√', '⌂', 'Ω', '░', '→', '⌂', '↓', '…', '‼', '»', '≡', 'Ø', 'XXX'],
  ascii: ['/^\\', '-->', '[x]', '[#]', '-->', '-X-', '-->', '-->', '  >', '...', '???', ' >>', '***', '  0', 'XXX'],
} as const;
const GLYPH_NAMES = GLYPHS.full;

/** Words that begin a status line, with the glyph and colour each has. See spec/cli 3.2. */
const STATUS: Readonly<Record<string, readonly [string, Hue]>> = {
  Applying: ['↑', 'green'],
  Updating: ['↑', 'green'],
  Created: ['✓', 'green'],
  Deleted: ['✓', 'green'],
  Installed: ['✓', 'green'],
  Signed: ['✓', 'cyan'],
  Verified: ['✓', 'green'],
  Encrypting: ['☛', 'green'],
  Generating: ['☛', 'green'],
  Signing: ['☛', 'cyan'],
  Verifying: ['☛', 'green'],
  Found: ['→', 'cyan'],
  Using: ['→', 'green'],
  Deleting: ['☒', 'green'],
  'Would be deleted (Dry run)': ['☒', 'red'],
  Cached: ['☑', 'green'],
  Creating: ['Ω', 'green'],
  Determining: ['☁', 'green'],
  Downloading: ['↓', 'green'],
  Missing: ['∵', 'red'],
  Skipping: ['…', 'green'],
};

/** The lines that `hab` writes for people. See spec/cli 3. */
export class Ui {
  readonly json: boolean;
  readonly #options: UiOptions;

  constructor(options: UiOptions) {
    this.#options = options;
    this.json = options.json;
  }

  begin(text: string): void {
    this.#decorate(this.#paint('out', ['yellow', 'bold'], `${this.#glyph('»')} ${text}`));
  }

  status(word: keyof typeof STATUS & string, text: string): void {
    const [glyph, hue] = STATUS[word] ?? ['→', 'green'];
    this.#decorate(`${this.#paint('out', [hue, 'bold'], `${this.#glyph(glyph)} ${word}`)} ${text}`);
  }

  end(text: string): void {
    this.#decorate(this.#paint('out', ['magenta', 'bold'], `${this.#glyph('★')} ${text}`));
  }

  /** A line of decoration without a glyph. */
  info(text: string): void {
    this.#decorate(text);
  }

  /** What was asked for: always standard output, never coloured, nothing added. */
  data(text: string): void {
    this.#options.stdout.write(text);
  }

  /** One JSON document on a line of its own. */
  document(value: unknown): void {
    this.data(`${JSON.stringify(value, (_, item) => (typeof item === 'bigint' ? Number(item) : item))}\n`);
  }

  warn(text: string): void {
    this.#options.stderr.write(`${this.#paint('err', ['yellow', 'bold'], `${this.#glyph('Ø')} ${visible(text)}`)}\n`);
  }

  /** The block that ends a failed command. What it quotes of others steers no terminal. */
  fatal(text: string): void {
    const cross = this.#glyph('✗✗✗');
    const lines = [
      cross,
      ...visible(text)
        .split('\n')
        .map((line) => `${cross} ${line}`.trimEnd()),
      cross,
    ];
    for (const line of lines) this.#options.stderr.write(`${this.#paint('err', ['red', 'bold'], line)}\n`);
  }

  /** Raw text on standard error. */
  note(text: string): void {
    this.#options.stderr.write(text);
  }

  /** Whether lines for people have colours. */
  get colored(): boolean {
    return this.#options.color.stdout;
  }

  #decorate(line: string): void {
    (this.json ? this.#options.stderr : this.#options.stdout).write(`${line}\n`);
  }

  #paint(stream: 'out' | 'err', styles: (Hue | 'bold')[], text: string): string {
    const { color } = this.#options;
    const on = stream === 'err' || this.json ? color.stderr : color.stdout;
    return on ? styleText(styles, text, { validateStream: false }) : text;
  }

  #glyph(name: string): string {
    const index = GLYPH_NAMES.indexOf(name as (typeof GLYPH_NAMES)[number]);
    return GLYPHS[this.#options.glyphs][index] ?? name;
  }
}

/** Colours on a terminal alone, unless told otherwise. */
export function wantsColor(
  stream: TerminalStream,
  settings: {
    readonly NO_COLOR?: string | undefined;
    readonly HAB_COLOR?: string | undefined;
    readonly HAB_NOCOLORING: boolean;
    readonly TERM?: string | undefined;
  },
): boolean {
  if (settings.HAB_NOCOLORING || settings.NO_COLOR !== undefined) return false;
  if (settings.HAB_COLOR === 'always') return true;
  return stream.isTTY === true && settings.TERM !== undefined && settings.TERM !== 'dumb';
}
