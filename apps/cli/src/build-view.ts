import { existsSync, mkdirSync, realpathSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';

import { readBuildSettings } from '@hab/plan-build';

import { buildLayout } from './build.ts';
import type { CommandContext } from './context.ts';
import { enterMounts, isSamePlace } from './enter-mounts.ts';

/**
 * Runs as `sh -c SHOW_TREE hab-view VIEW TREE CWD COMMAND...` in namespaces of its own: mounts TREE on a path below VIEW
 * that is always the same, with links to what lies beside the tree, and becomes COMMAND. Only the tree can be written to
 * below VIEW: whatever a plan left beside it there would vanish with the mounts.
 */
const SHOW_TREE = `set -eu
view=$1 tree=$2 cwd=$3
name=\${tree##*/}
shift 3
mount -t tmpfs -o mode=0755 hab-view "$view"
mkdir "$view/plan-source"
find "\${tree%/*}/" -mindepth 1 -maxdepth 1 -exec ln -s -t "$view" -- {} + 2>/dev/null || true
[ "$name" = plan-source ] || ln -sfn plan-source "$view/$name"
mount -o remount,bind,ro "$view"
mount --rbind "$tree" "$view/plan-source"
cd "$cwd" 2>/dev/null || cd /
exec "$@"
`;
const TRIAL = 'mount -t tmpfs hab-view "$1" && mkdir "$1/tree" && mount --rbind "$2" "$1/tree"';
const SHOWN_TREE = 'plan-source';

export interface BuildViewRequest {
  /** Folder of the plan. @defaultValue the current one */
  readonly context?: string | undefined;
  readonly release?: string | undefined;
  /** Folder that holds all that the build reads. @defaultValue the checkout that the plan is part of, else its folder */
  readonly tree?: string | undefined;
}

/**
 * Where a build finds its plan. One that is to give the same bytes wherever it is repeated (a given release, or
 * `SOURCE_DATE_EPOCH`) sees it in a place that is the same on every machine: compilers write the folder of what they
 * compile into debug information and build-ids. This process is then replaced by one that has such a place.
 *
 * @returns the folder of the plan for this build.
 */
export function placeOfPlan(request: BuildViewRequest, context: CommandContext): string | undefined {
  const { cwd, env, settings, ui } = context;
  if (settings.HAB_BUILD_IN_PLACE) return request.context;
  if (request.release === undefined && readBuildSettings(env).sourceDateEpoch === undefined) return request.context;
  const given = resolve(cwd, request.context ?? '.');
  // The build itself says best what is wrong with a folder that is not there.
  if (!existsSync(given)) return request.context;
  const plan = realpathSync(given);
  if (plan === '/') return request.context;
  const tree = treeOf(plan, request.tree === undefined ? undefined : realpathSync(resolve(cwd, request.tree)));
  const view = buildLayout(context).buildView;
  const shown = join(view, SHOWN_TREE);
  const place = join(shown, relative(tree, plan));
  if (isSamePlace(shown, tree)) {
    ui.info(`${tree} is ${shown} in this build, so that it leaves no trace of where it lies.`);
    return place;
  }
  const reason = tryToShow(view, tree, context);
  ui.warn(`${tree} is seen where it is, not at ${shown} (${reason}): debug information may name it.`);
  return request.context;
}

/** @returns why it cannot be; otherwise it does not return. */
function tryToShow(view: string, tree: string, { cwd, env }: CommandContext): string {
  try {
    mkdirSync(view, { recursive: true });
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  const command = [process.execPath, ...process.argv.slice(1)];
  return enterMounts({
    script: SHOW_TREE,
    args: ['hab-view', view, tree, cwd, ...command],
    trial: ['sh', '-c', TRIAL, 'hab-view', view, tree],
    env,
  });
}

function treeOf(plan: string, given: string | undefined): string {
  if (given !== undefined && isBelow(given, plan)) return given;
  for (let folder = plan; folder !== '/'; folder = dirname(folder)) {
    if (existsSync(join(folder, '.git'))) return folder;
  }
  return plan;
}

const isBelow = (folder: string, path: string): boolean => path === folder || path.startsWith(`${folder}/`);
