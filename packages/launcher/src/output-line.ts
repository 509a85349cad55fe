/** Style of the lines that the Launcher and the Supervisor write. See spec/supervisor 15.1. */
export interface OutputStyle {
  /** `json` writes one object a line. */
  readonly format: 'text' | 'json';
  readonly color: boolean;
}

/** One line, with its newline: `<preamble>(<key>): <content>`. Programs are cyan, services green. */
export function formatOutputLine(preamble: string, key: string, content: string, style: OutputStyle): string {
  if (style.format === 'json') return `${JSON.stringify({ preamble, logkey: key, content })}\n`;
  if (!style.color) return `${preamble}(${key}): ${content}\n`;
  const hue = preamble.startsWith('hab-') ? 36 : 32;
  return `\u001b[${hue}m${preamble}\u001b[0m(\u001b[1;37m${key}\u001b[0m): ${content}\n`;
}

/** Longest piece of a line that is held back waiting for its end. */
const MAX_LINE_CHARACTERS = 64 * 1024;

/** Cuts text into lines; a line without end is handed out in pieces. */
export class LineSplitter {
  #rest = '';

  push(text: string): string[] {
    const lines = (this.#rest + text).split('\n');
    this.#rest = lines.pop() ?? '';
    while (this.#rest.length > MAX_LINE_CHARACTERS) {
      lines.push(this.#rest.slice(0, MAX_LINE_CHARACTERS));
      this.#rest = this.#rest.slice(MAX_LINE_CHARACTERS);
    }
    return lines.map((line) => (line.endsWith('\r') ? line.slice(0, -1) : line));
  }

  /** What is left when the text ends. */
  flush(): string[] {
    const rest = this.#rest;
    this.#rest = '';
    return rest === '' ? [] : [rest];
  }
}
