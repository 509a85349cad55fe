import { Findings, type LintFinding, type LintRule } from './finding.ts';

/** Words after which a command begins, and characters that begin one. */
const COMMAND =
  /(?:^|[;&|(`]|\b(?:then|do|else|exec|sudo|if|while|until|time)[ \t]|\$\()[ \t]*(?:\/[\w./-]{1,200}\/)?(hab|sleep)(?=[\s;&|)`]|$)/g;

const ADVICE: Readonly<Record<string, { readonly rule: LintRule; readonly message: string; readonly hint: string }>> = {
  hab: {
    rule: 'hook-calls-hab',
    message: 'a hook that calls hab asks the Supervisor that waits for it, and depends on what else is installed',
    hint: 'Take what you need from the template: {{pkgPathFor "origin/name"}}, {{cfg…}}, {{svc…}}.',
  },
  sleep: {
    rule: 'hook-sleeps',
    message: 'a hook that sleeps holds up what follows it, and still races with what it waits for',
    hint: 'Let the health-check hook tell when the service is ready; post-run is repeated until it succeeds.',
  },
};

/** Looks for commands in a hook that only `run` may use: `hab` and `sleep`. Comments and here-documents are passed over. */
export function lintHook(hook: string, text: string): readonly LintFinding[] {
  if (hook === 'run') return [];
  const findings = new Findings(text);
  let offset = 0;
  let until: string | undefined;
  for (const line of text.split('\n')) {
    if (until !== undefined) {
      if (line.replace(/^\t+/, '') === until) until = undefined;
    } else {
      checkLine(withoutComment(line), offset, findings);
      until = /<<-?[ \t]*["']?([A-Za-z_][A-Za-z0-9_]*)["']?/.exec(line)?.[1];
    }
    offset += line.length + 1;
  }
  return findings.list();
}

function checkLine(line: string, offset: number, findings: Findings): void {
  for (const match of withoutQuotes(line).matchAll(COMMAND)) {
    const [whole, word = ''] = match;
    const advice = ADVICE[word];
    if (advice !== undefined) {
      findings.add(advice.rule, offset + match.index + whole.length - word.length, advice.message, advice.hint);
    }
  }
}

const withoutComment = (line: string): string => line.replace(/(^|[ \t])#.*$/, '$1');

/** Quoted text becomes blanks of the same length, so that places stay; what is in double quotes may hold a command. */
const withoutQuotes = (line: string): string =>
  line.replace(/'[^']*'/g, (text) => ' '.repeat(text.length)).replace(/"[^"$`]*"/g, (text) => ' '.repeat(text.length));
