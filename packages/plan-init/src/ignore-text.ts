/** Where a build of a plan writes; no part of a repository. */
const RESULTS = 'results/';

/** The text of a `.gitignore` that leaves out what builds write; undefined: it does already. */
export function ignoreResults(before: string): string | undefined {
  const isThere = before.split(/\r?\n/).some((line) => /^\/?results\/?$/.test(line.trim()));
  if (isThere) return undefined;
  const end = before.includes('\r\n') ? '\r\n' : '\n';
  return `${before}${before === '' || before.endsWith('\n') ? '' : end}${RESULTS}${end}`;
}
