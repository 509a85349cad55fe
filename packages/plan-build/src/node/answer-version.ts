import { say } from '../console-lines.ts';
import { derivePaths } from '../derived.ts';
import { BuildError } from '../errors.ts';
import { checkVersion } from '../identity.ts';
import { UNSET_VERSION } from '../plan-variables.ts';
import { assignText } from '../shell-text.ts';
import type { Tell } from './bash-session.ts';
import { type BuildState, ownIdent } from './build-state.ts';
import { claimPrefix } from './unfinished.ts';

/** `update_pkg_version`: the version is known now, and with it every path. @see spec/plan-build, 9 */
export async function updateVersion(state: BuildState, args: readonly string[], tell: Tell): Promise<number> {
  const [version = '', , cachePath = '', sourcePath = '', , path = ''] = args;
  if (state.versionSettled) {
    throw new BuildError(
      'BUILD_VERSION',
      "Plan called 'update_pkg_version()' in phase 'do_prepare()' or later which is not supported. Package version must be determined before 'do_prepare()' phase.",
      { details: { status: 21 }, hint: 'Call it in do_before, do_download, do_verify or do_unpack.' },
    );
  }
  checkVersion(version);
  const before = state.facts;
  state.facts = { ...before, version };
  const paths = derivePaths(ownIdent(state), state.target, state.world.layout, {
    dirname: state.givenDirname,
    prefix: state.givenPrefix,
  });
  state.facts = { ...state.facts, dirname: paths.dirname, prefix: paths.prefix };
  if (paths.prefix !== state.claimedPrefix) await claimPrefix(state, paths.prefix);
  state.variablesOfPackages.replace(UNSET_VERSION, version);
  const newPath = path.replaceAll(UNSET_VERSION, version).replaceAll(before.prefix, paths.prefix);
  tell(
    [
      assignText('pkg_version', version),
      assignText('pkg_dirname', paths.dirname),
      assignText('pkg_prefix', paths.prefix),
      assignText('pkg_artifact', paths.artifact),
      assignText('CACHE_PATH', paths.cachePath),
      ...(sourcePath === cachePath ? [assignText('SRC_PATH', paths.cachePath)] : []),
      `export ${assignText('PATH', newPath)}`,
      say(`Version updated to '${version}'`),
    ].join('\n'),
  );
  return 0;
}
