import { quoteWord } from './shell-text.ts';

/** What a generated start script needs to know. */
export interface StartScript {
  /** `pkg_svc_run`: a command line, not a single word. */
  readonly command: string;
  readonly serviceDirectory: string;
  readonly dataDirectory: string;
  readonly user: string;
  readonly group: string;
}

/** The file `run` of a package whose plan gives a command instead of a run hook. @see spec/plan-build, 6.5 */
export function startScriptText(script: StartScript): string {
  const owner = quoteWord(`${script.user}:${script.group}`);
  return `#!/bin/sh
# Starts the service: as its own user when that is possible, with all output on one stream.
exec 2>&1
export HOME=${quoteWord(script.dataDirectory)}
cd ${quoteWord(script.serviceDirectory)}
if [ "$(id -u)" = 0 ]; then
  exec chpst -U ${owner} -u ${owner} ${script.command}
fi
exec ${script.command}
`;
}
