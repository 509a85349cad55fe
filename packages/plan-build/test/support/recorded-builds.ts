import { chmodSync, cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { createLayout, type Layout } from '@hab/core';
import { systemClock, systemRandom } from '@hab/core/node';
import { generateOriginKeyPair, memoryKeyCache } from '@hab/crypto-keys';
import { isMetafile } from '@hab/hart';
import { listHart, readHartMetadata, verifyHart } from '@hab/hart/node';
import { sameIdent } from '@hab/ident';
import { createStore } from '@hab/store/node';
import { type BuiltPackage, buildPlan, storePackages } from '../../src/node/index.ts';
import {
  type BuiltCase,
  type CaseReport,
  checkRecordedCase,
  type Failure,
  type RecordedCase,
} from './recorded-case.ts';

/** The environment of the recorded builds. */
const RECORDED = { HAB_ORIGIN: 'acme', NO_INSTALL_DEPS: 'true', HAB_NOCOLORING: 'true', DO_CHECK: '' };
/** Variables that a recorded `env.txt` keeps, beside those of packages. */
const KEPT =
  /^(PATH|PREFIX|HAB_BLDR_.*|HAB_CACHE_KEY_PATH|LD_RUN_PATH|CFLAGS|CPPFLAGS|CXXFLAGS|LDFLAGS|PKG_CONFIG_PATH)$/;
const CALLER_PATH = '{PATH of the caller}';

/**
 * Builds every case of a folder, each after those that it depends on, and compares. Runs where `/hab` is its own to fill:
 * see `private-root.ts`.
 *
 * @param folder - Cases: folders with `plan/` and `expected.json`; `source/` beside them is served.
 */
export async function runRecordedBuilds(folder: string): Promise<CaseReport> {
  const work = mkdtempSync(join(tmpdir(), 'hab-recorded-'));
  const server = createServer((request, response) => {
    try {
      response.end(readFileSync(join(folder, 'source', basename(request.url ?? ''))));
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const source = `http://127.0.0.1:${(server.address() as AddressInfo).port}`; // a TCP server has one
  try {
    return await runCases(folder, work, source);
  } finally {
    server.close();
    rmSync(work, { recursive: true, force: true });
  }
}

async function runCases(folder: string, work: string, source: string): Promise<CaseReport> {
  const layout = createLayout();
  const keys = memoryKeyCache();
  await keys.write(generateOriginKeyPair({ name: 'acme', clock: systemClock, random: systemRandom }));
  const releases = new Map<string, string>();
  const ownVariables = new Set<string>();
  const failures: Failure[] = [];
  let passed = 0;
  for (const name of inOrder(folder)) {
    const context = copyContext(join(folder, name, 'plan'), join(work, name), source);
    const recorded = JSON.parse(readFileSync(join(folder, name, 'expected.json'), 'utf8')) as RecordedCase; // our own file
    let output = '';
    const collect = (chunk: Uint8Array): void => {
      output += new TextDecoder().decode(chunk);
    };
    const result = await buildPlan(
      {
        context,
        cwd: join(work, name),
        environment: { PATH: process.env['PATH'] ?? '', HOME: '/root', ...RECORDED },
        stdio: { output: collect, errors: collect },
        target: 'x86_64-linux',
      },
      {
        layout,
        keys,
        clock: systemClock,
        packages: storePackages(createStore({ layout, target: 'x86_64-linux', keys })),
      },
    );
    if (result.type !== 'built') {
      failures.push({ name, expected: 'a signed artifact', got: output });
      continue;
    }
    await verifyHart(result.artifact, keys);
    const { metadata } = await readHartMetadata(result.artifact);
    if (!sameIdent(metadata.ident, result.ident)) throw new Error(`${name}: another ident in the artifact`);
    releases.set(name, result.ident.release);
    const replace = (text: string): string =>
      text
        .replace(/\{release:([^}]*)\}/g, (_, of: string) => releases.get(of) ?? '')
        .replaceAll('{plan}', context)
        .replaceAll('{source}', source);
    const built = await readBuilt(result, layout, ownVariables);
    const report = checkRecordedCase(name, recorded, built, replace);
    passed += report.passed;
    failures.push(...report.failures);
  }
  return { passed, failures };
}

/** Cases after those whose packages their plans name. */
function inOrder(folder: string): readonly string[] {
  const names = readdirSync(folder).filter((name) => statSync(join(folder, name)).isDirectory() && name !== 'source');
  const texts = new Map(names.map((name) => [name, readFileSync(join(folder, name, 'plan', 'plan.sh'), 'utf8')]));
  const needs = (name: string): readonly string[] =>
    names.filter((other) => other !== name && new RegExp(`/${other}\\b`).test(dependencyLines(texts.get(name) ?? '')));
  const ordered: string[] = [];
  const visit = (name: string, path: readonly string[]): void => {
    if (ordered.includes(name) || path.includes(name)) return;
    for (const need of needs(name)) visit(need, [...path, name]);
    ordered.push(name);
  };
  for (const name of names.sort()) visit(name, []);
  return ordered;
}

const dependencyLines = (plan: string): string =>
  [...plan.matchAll(/^pkg_(?:build_)?deps=\(([^)]*)\)/gm)].map((match) => match[1]).join('\n');

/** A copy that looks as a checkout of the author would: writable, with the address of the sources filled in. */
function copyContext(from: string, to: string, source: string): string {
  const context = join(to, 'plan');
  cpSync(from, context, { recursive: true });
  for (const entry of readdirSync(context, { recursive: true, withFileTypes: true })) {
    if (entry.isFile()) chmodSync(join(entry.parentPath, entry.name), 0o644);
  }
  const plan = join(context, 'plan.sh');
  writeFileSync(plan, readFileSync(plan, 'utf8').replaceAll('{source}', source));
  return context;
}

async function readBuilt(result: BuiltPackage, layout: Layout, ownVariables: Set<string>): Promise<BuiltCase> {
  const metafiles = new Map<string, string>();
  for (const name of readdirSync(result.prefix)) {
    if (isMetafile(name) && name !== 'default.toml')
      metafiles.set(name, readFileSync(join(result.prefix, name), 'utf8'));
  }
  for (const file of ['RUNTIME_ENVIRONMENT', 'BUILDTIME_ENVIRONMENT']) {
    for (const line of (metafiles.get(file) ?? '').split('\n')) ownVariables.add(line.split('=', 1)[0] ?? '');
  }
  const members = (await listHart(result.artifact)).map((member) => {
    const path = member.path.replace(/\/$/, '');
    const type =
      member.type === 'directory' ? ('dir' as const) : member.type === 'file' ? ('file' as const) : ('link' as const);
    return {
      path,
      type,
      mode: member.mode.toString(8),
      uid: member.uid,
      gid: member.gid,
      size: member.sizeBytes,
      ...(member.linkName === undefined ? {} : { target: member.linkName }),
      ...(path.endsWith('.txt') ? { text: readText(`/${path}`, layout, ownVariables) } : {}),
    };
  });
  const results = new Map<string, string>();
  for (const name of readdirSync(result.outputDirectory)) {
    results.set(name, name.endsWith('.hart') ? '' : readFileSync(join(result.outputDirectory, name), 'utf8'));
  }
  return { metafiles, members, results };
}

function readText(path: string, layout: Layout, ownVariables: ReadonlySet<string>): string {
  const text = readFileSync(path, 'utf8');
  if (!path.endsWith('/env.txt')) return text;
  const lines = text.split('\n').filter((line) => {
    const name = line.split('=', 1)[0] ?? '';
    return KEPT.test(name) || (ownVariables.has(name) && name !== '');
  });
  return `${lines.map((line) => (line.startsWith('PATH=') ? withoutCaller(line, layout) : line)).join('\n')}\n`;
}

function withoutCaller(line: string, layout: Layout): string {
  const entries = line.slice('PATH='.length).split(':');
  const own = entries.filter((entry) => entry.startsWith(`${layout.packages}/`));
  return `PATH=${[...own, CALLER_PATH].join(':')}`;
}
