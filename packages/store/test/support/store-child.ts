// One install or uninstall in a process of its own, so that a test can kill it. Says `ready`, waits for a line, works;
// then one line per event, and at the end `done <JSON>`.
import { readSync, writeSync } from 'node:fs';
import { createLayout, isHabError } from '@hab/core';
import { folderKeyCache } from '@hab/crypto-keys/node';
import { formatIdent, parseIdent } from '@hab/ident';

import type { InstallProgress } from '../../src/install-events.ts';
import { createStore, folderArtifactSource, type Store } from '../../src/node/index.ts';

/** What the child is to do; its only argument, as JSON. */
export interface ChildJob {
  readonly root: string;
  readonly keys: string;
  readonly folder: string;
  readonly installs?: readonly string[] | undefined;
  readonly uninstall?: string | undefined;
}

/** How one step ended. */
export interface ChildOutcome {
  readonly changed?: readonly string[] | undefined;
  readonly error?: { readonly code: string; readonly message: string; readonly hint: string } | undefined;
}

/** What the child says at its end. */
export interface ChildReport {
  readonly outcomes: readonly ChildOutcome[];
  /** What is installed in its view of the file system. */
  readonly listed: readonly string[];
}

const say = (line: string): unknown => writeSync(1, `${line}\n`);
const onProgress = ({ type }: InstallProgress): unknown => say(type);

async function step(work: () => Promise<string[]>): Promise<ChildOutcome> {
  try {
    return { changed: await work() };
  } catch (error) {
    if (!isHabError(error)) throw error;
    return { error: { code: error.code, message: error.message, hint: error.hint ?? '' } };
  }
}

async function run(store: Store, job: ChildJob): Promise<ChildReport> {
  const outcomes: ChildOutcome[] = [];
  for (const ident of job.installs ?? []) {
    const sources = [folderArtifactSource(job.folder)];
    const request = { type: 'ident', ident: parseIdent(ident) } as const;
    outcomes.push(
      await step(async () => (await store.install([request], { sources, onProgress })).installed.map(formatIdent)),
    );
  }
  const { uninstall } = job;
  if (uninstall !== undefined) {
    outcomes.push(
      await step(async () => {
        const { decisions } = await store.uninstall(parseIdent(uninstall), { onProgress });
        return decisions.map(({ ident }) => formatIdent(ident));
      }),
    );
  }
  return { outcomes, listed: (await store.list()).map(formatIdent) };
}

const job = JSON.parse(process.argv[2] ?? '') as ChildJob; // written by the test beside this file
const store = createStore({
  layout: createLayout({ root: job.root }),
  target: 'x86_64-linux',
  keys: folderKeyCache(job.keys),
});
say('ready');
readSync(0, new Uint8Array(1));
say(`done ${JSON.stringify(await run(store, job))}`);
