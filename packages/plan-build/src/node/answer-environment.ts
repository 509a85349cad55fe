import { formatIdent } from '@hab/ident';
import { warn } from '../console-lines.ts';
import type { EnvironmentScope } from '../environment.ts';
import type { Tell } from './bash-session.ts';
import { type BuildState, ownIdent } from './build-state.ts';

/** `set_runtime_env`, `push_runtime_env` and the same for build time. @see spec/plan-build, 8.3 and 13 */
export function changeEnvironment(state: BuildState, args: readonly string[], tell: Tell): number {
  const [helper = '', scopeName, force = '', name = '', value = '', type = '', separator = ''] = args;
  const scope: EnvironmentScope = scopeName === 'buildtime' ? 'buildtime' : 'runtime';
  const own = formatIdent(ownIdent(state));
  const variables = state.variablesOfPackages;
  const warnings = helper.startsWith('push_')
    ? variables.push(scope, own, name, value, { type, separator })
    : variables.set(scope, own, name, value, force !== '');
  if (warnings.length > 0) tell(warnings.map(warn).join('\n'));
  return 0;
}
