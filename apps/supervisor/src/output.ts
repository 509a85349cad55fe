import { formatOutputLine, type OutputStyle } from '@hab/launcher';

/** A stream of lines: preamble, key, text. See spec/supervisor 15.1. */
export type Say = (preamble: string, key: string, text: string) => void;

/** How this process writes: asked for on the command line, and by where it writes to. */
export function chooseStyle(
  words: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
  isTerminal: boolean,
): OutputStyle {
  const plain = words.includes('--no-color') || env['NO_COLOR'] !== undefined;
  const forbidden = ['1', 'true'].includes(env['HAB_NOCOLORING'] ?? '');
  return {
    format: words.includes('--json-logging') ? 'json' : 'text',
    color: isTerminal && !plain && !forbidden,
  };
}

export function createSay(write: (text: string) => unknown, style: OutputStyle): Say {
  return (preamble, key, text) => {
    for (const line of text.split('\n')) write(formatOutputLine(preamble, key, line, style));
  };
}
