import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { formatIdent } from '@hab/ident';
import { BUILT_REPORT, buildReportText, FAILED_REPORT } from '../build-report.ts';
import { type CompileFlags, FLAG_VARIABLES } from '../compile-flags.ts';
import { say } from '../console-lines.ts';
import { exposedPorts, parseDefaultConfig } from '../exposed-ports.ts';
import { buildTime } from '../failure.ts';
import { packageMetafiles } from '../metafiles.ts';
import { ownDirectories, packageSearchPath } from '../search-path.ts';
import { textOf } from '../shell-variables.ts';
import { makeArtifact } from './artifact.ts';
import { type BuildState, ownIdent } from './build-state.ts';
import type { FinishedPackage } from './finished-package.ts';
import { outputPath, removeOutput, writeOutput } from './output-directory.ts';
import { sendAll } from './plan-dump.ts';
import { knownPackages } from './prepare-build.ts';
import { reportFacts } from './report-end.ts';
import { endCallback, runPhase, timed } from './run-phases.ts';

/** From the filled prefix to the artifact, the reports and the last words. @see spec/plan-build, 10 to 12 */
export async function finishBuild(state: BuildState): Promise<FinishedPackage> {
  state.pending.push(say('Building package metadata'));
  const finished = await timed(state, 'artifact', async () =>
    makeArtifact(state, packageMetafiles(await metafileFacts(state)), compileFlagsOf(state)),
  );
  state.pending.push(say(`${state.programName} cleanup`));
  await runPhase(state, 'do_end');
  await succeed(state, finished);
  return finished;
}

async function metafileFacts(state: BuildState): Promise<Parameters<typeof packageMetafiles>[0]> {
  const { facts, sets } = state;
  const { prefix } = facts;
  const own = ownDirectories(prefix, facts.binDirs);
  const pconfigFound: string[] = [];
  for (const directory of ['lib/pkgconfig', 'share/pkgconfig']) {
    if ((await stat(join(prefix, directory)).catch(() => undefined))?.isDirectory()) pconfigFound.push(directory);
  }
  const hook = await stat(join(prefix, 'hooks', 'run')).catch(() => undefined);
  return {
    plan: facts,
    ident: formatIdent(ownIdent(state)),
    target: state.target,
    deps: sets.run,
    tdeps: sets.runTransitive,
    buildDeps: sets.build,
    buildTdeps: sets.buildTransitive,
    runtimePath: packageSearchPath(own, knownPackages(state, [...sets.run, ...sets.runTransitive])),
    runtime: state.variablesOfPackages.variables('runtime'),
    buildtime: state.variablesOfPackages.variables('buildtime'),
    ports: await ports(state),
    pconfigFound,
    runnable: hook?.isFile() === true || facts.svcRun !== '',
    native: state.settings.native,
  };
}

/** The defaults as they are installed; a scaffolding may have added to them. */
async function ports(state: BuildState): Promise<readonly string[]> {
  const { facts, location } = state;
  if (facts.exposes.length === 0) return [];
  const text = await readFile(join(facts.prefix, 'default.toml'), 'utf8').catch(() =>
    readFile(join(location.directory, 'default.toml'), 'utf8').catch(() => undefined),
  );
  return exposedPorts(facts.exposes, facts.exports, text === undefined ? undefined : parseDefaultConfig(text));
}

export function compileFlagsOf(state: BuildState): CompileFlags {
  const entries = FLAG_VARIABLES.map((name) => [name, textOf(state.variables, name)] as const);
  return Object.fromEntries(entries) as CompileFlags; // every name is there
}

/** The callback for success, the summary, and the end of bash. */
export async function succeed(state: BuildState, finished: FinishedPackage): Promise<void> {
  state.step = 'results';
  const took = buildTime(state.world.clock.monotonic() - state.startedMs);
  const { sha256, blake2b } = finished;
  await writeOutput(state, BUILT_REPORT, buildReportText(reportFacts(state), { type: 'built', sha256, blake2b }));
  await removeOutput(state, FAILED_REPORT);
  state.pending.push(
    '__hab_unwatch',
    endCallback('do_after_success', '; overall build is successful, though'),
    ...[
      '',
      `Source Path: ${textOf(state.variables, 'SRC_PATH') || state.context}`,
      `Installed Path: ${finished.prefix}`,
      `Artifact: ${finished.result}`,
      `Build Report: ${join(outputPath(state), 'last_build.env')}`,
      ...(state.log?.path === undefined ? [] : [`Build Log: ${state.log.path}`]),
      `SHA256 Checksum: ${finished.sha256}`,
      `Blake2b Checksum: ${finished.blake2b}`,
      '',
      'I love it when a plan.sh comes together.',
      '',
      `Build time: ${took}`,
    ].map(say),
    'builtin exit 0',
  );
  const ended = state.session.ended;
  await sendAll(state).catch(() => undefined);
  await ended;
}
