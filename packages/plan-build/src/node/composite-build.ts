import { type KeyValues, type Metafile, parseBindDeclarations, parseKeyValues } from '@hab/hart';
import { formatIdent } from '@hab/ident';
import { type CompositeService, checkComposite, checkMemberCount } from '../composite.ts';
import { say, warn } from '../console-lines.ts';
import { compositeMetafiles } from '../metafiles.ts';
import { preBuildText } from '../output-files.ts';
import { textOf } from '../shell-variables.ts';
import { makeArtifact } from './artifact.ts';
import { readLock, writeLock } from './build-lock.ts';
import { type BuildState, ownIdent } from './build-state.ts';
import { compileFlagsOf, succeed } from './finish-build.ts';
import type { FinishedPackage } from './finished-package.ts';
import { writeOutput } from './output-directory.ts';
import type { FoundPackage } from './packages.ts';
import { DUMP_ALL, sendAll } from './plan-dump.ts';
import { signingKey } from './prepare-build.ts';
import { understood } from './read-dependency.ts';
import { cameFrom, resolveOne } from './resolve-dependencies.ts';
import { runPhase, timed } from './run-phases.ts';
import { makeDirectory } from './tree-copy.ts';

/** Builds a composite: nothing is compiled, members and their binds are checked and written down. @see 15 */
export async function buildComposite(state: BuildState): Promise<FinishedPackage> {
  state.pending.push(say(`${state.programName} setup`));
  state.pending.push(DUMP_ALL);
  await sendAll(state);
  const { services: written, bindMap, prefix } = state.facts;
  state.step = 'check';
  checkMemberCount(written);
  state.step = 'setup';
  await writeOutput(state, 'pre_build.env', preBuildText(ownIdent(state)));
  await signingKey(state);
  const services: CompositeService[] = [];
  state.step = 'dependencies';
  await readLock(state);
  for (const text of written) {
    if (state.settings.installDependencies) state.pending.push(say(`Installing ${text} locally`));
    const found = await resolveOne(state, text, 'service');
    state.pending.push(say(`Resolved service '${text}' to ${found.prefix}${cameFrom(state)}`));
    services.push(await readService(text, found));
  }
  await writeLock(state);
  state.step = 'check';
  const checked = checkComposite(services, bindMap);
  state.pending.push(...checked.warnings.map(warn));
  await makeDirectory(textOf(state.variables, 'CACHE_PATH'));
  await makeDirectory(prefix);
  const metafiles = compositeMetafiles({
    ident: formatIdent(ownIdent(state)),
    target: state.target,
    services: services.map((service) => service.written),
    resolved: services.map(({ ident }) => formatIdent(ident)),
    bindMap: checked.bindMap,
  });
  const finished = await timed(state, 'artifact', () => makeArtifact(state, metafiles, compileFlagsOf(state)));
  state.pending.push(say(`${state.programName} cleanup`));
  await runPhase(state, 'do_end');
  await succeed(state, finished);
  return finished;
}

async function readService(written: string, found: FoundPackage): Promise<CompositeService> {
  const read = async <T>(file: Metafile, parse: (file: Metafile, text: string) => T): Promise<T> => {
    return await understood(found, file, async () => parse(file, (await found.metafile(file)) ?? ''));
  };
  const binds = (file: Metafile, text: string): KeyValues =>
    new Map(parseBindDeclarations(file, text).map(({ name, exports }) => [name, exports.join(' ')]));
  return {
    written,
    ident: found.ident,
    prefix: found.prefix,
    runnable: await found.isRunnable(),
    binds: await read('BINDS', binds),
    bindsOptional: await read('BINDS_OPTIONAL', binds),
    exports: new Set((await read('EXPORTS', parseKeyValues)).keys()),
  };
}
