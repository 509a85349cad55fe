import type { PlanReading } from '../plan-reading.ts';
import type { PlanFinding } from './finding.ts';

const PAIRS = /(?<=^|[\s;])(pkg_exports|pkg_binds|pkg_binds_optional|pkg_bind_map)\+?=\(([^()]{0,20000})\)/g;

/** What only the text shows. */
export function* textRules(reading: PlanReading, file: string, text: string): Generator<PlanFinding> {
  for (const { message, span } of reading.problems) {
    yield {
      rule: 'plan-syntax',
      // The grammar of PowerShell is not as good as PowerShell.
      severity: file.endsWith('.ps1') ? 'warning' : 'error',
      message,
      hint: 'Look for an end that is missing before this place.',
      span,
    };
  }
  for (const match of text.matchAll(PAIRS)) {
    const odd = /\][ \t]+=|\]=[ \t]/.exec(match[2] ?? '');
    if (odd === null) continue;
    const start = match.index + match[0].indexOf('(') + 1 + odd.index;
    yield {
      rule: 'spaced-pairs',
      severity: 'error',
      message: `${match[1]} has spaces around =, which leaves it without that pair`,
      hint: 'Write [name]="value", without spaces around the equals sign.',
      span: { file, start, end: start + odd[0].length },
      fix: {
        span: {
          file,
          start,
          end: start + odd[0].length + (/^[ \t]*/.exec(text.slice(start + odd[0].length))?.[0].length ?? 0),
        },
        text: ']=',
      },
    };
  }
}
