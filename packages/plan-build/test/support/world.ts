import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createLayout, type Layout } from '@hab/core';
import { systemClock, systemRandom } from '@hab/core/node';
import { generateOriginKeyPair, type KeyCache, memoryKeyCache } from '@hab/crypto-keys';
import { createStore, type Store } from '@hab/store/node';
import { expect } from 'vitest';
import {
  type BuildOptions,
  type BuildResult,
  type BuiltPackage,
  buildPlan,
  storePackages,
} from '../../src/node/index.ts';

/** What a build said and how it ended. */
export interface BuildRecord {
  readonly result: BuildResult;
  readonly output: string;
  readonly errors: string;
}

type Files = Readonly<Record<string, string | Uint8Array>>;

/** A machine of its own: root, keys, packages, and a directory for plans. Everything is real but the place. */
export class World {
  readonly root: string = mkdtempSync(join(tmpdir(), 'hab-build-'));
  readonly layout: Layout = createLayout({ hab: join(this.root, 'hab') });
  readonly keys: KeyCache = memoryKeyCache();
  readonly store: Store = createStore({ layout: this.layout, target: 'x86_64-linux', keys: this.keys });
  readonly results: string = join(this.root, 'results');

  async start(): Promise<this> {
    await this.keys.write(generateOriginKeyPair({ name: 'acme', clock: systemClock, random: systemRandom }));
    return this;
  }

  /** Writes files below the root and returns the directory. */
  write(directory: string, files: Files): string {
    const path = join(this.root, directory);
    mkdirSync(path, { recursive: true });
    for (const [name, content] of Object.entries(files)) {
      mkdirSync(dirname(join(path, name)), { recursive: true });
      writeFileSync(join(path, name), content);
    }
    return path;
  }

  /** A plan context with the usual head. */
  plan(name: string, body: string, files: Files = {}): string {
    const head = `pkg_name=${name}\npkg_origin=acme\npkg_version=1.0\n`;
    return this.write(name, { 'plan.sh': head + body, ...files });
  }

  /** An installed package, made by hand. */
  install(ident: string, files: Files = {}): string {
    const prefix = join(this.layout.packages, ident);
    this.write(join('hab/pkgs', ident), { IDENT: `${ident}\n`, TARGET: 'x86_64-linux\n', ...files });
    return prefix;
  }

  async build(
    context: string,
    environment: Readonly<Record<string, string>> = {},
    options: Partial<BuildOptions> = {},
    world: Partial<Parameters<typeof buildPlan>[1]> = {},
  ): Promise<BuildRecord> {
    let [output, errors] = ['', ''];
    const [decodeOutput, decodeErrors] = [new TextDecoder(), new TextDecoder()];
    const result = await buildPlan(
      {
        context,
        cwd: this.root,
        environment: { PATH: process.env['PATH'] ?? '', HOME: this.root, ...environment },
        target: 'x86_64-linux',
        stdio: {
          output: (chunk) => {
            output += decodeOutput.decode(chunk, { stream: true });
          },
          errors: (chunk) => {
            errors += decodeErrors.decode(chunk, { stream: true });
          },
        },
        ...options,
      },
      { layout: this.layout, keys: this.keys, clock: systemClock, packages: storePackages(this.store), ...world },
    );
    return { result, output, errors };
  }

  /** Builds a plan that must fail; what an earlier build left in the output directory must still be there. */
  async fails(
    body: string,
    environment: Readonly<Record<string, string>> = {},
    files: Readonly<Record<string, string>> = {},
  ): Promise<BuildRecord> {
    mkdirSync(this.results, { recursive: true });
    writeFileSync(join(this.results, 'last_build.env'), 'pkg_name=earlier\n');
    const record = await this.build(this.plan('zee', body, files), environment);
    expect(readFileSync(join(this.results, 'last_build.env'), 'utf8')).toBe('pkg_name=earlier\n');
    expect(readdirSync(this.results).filter((name) => name.endsWith('.hart'))).toEqual([]);
    return record;
  }

  [Symbol.dispose](): void {
    rmSync(this.root, { recursive: true, force: true });
  }

  /** Builds what must succeed. */
  async builds(...args: Parameters<World['build']>): Promise<SuccessfulBuild> {
    const record = await this.build(...args);
    const { result } = record;
    if (result.type !== 'built') throw new Error(`${record.output}\n${record.errors}`);
    return { ...record, built: result, read: (path) => readFileSync(join(result.prefix, path), 'utf8') };
  }
}

/** A build with its package. */
export interface SuccessfulBuild extends BuildRecord {
  readonly built: BuiltPackage;
  /** Text of a file of the package. */
  readonly read: (path: string) => string;
}

/** Callbacks of a plan that builds nothing. */
export const NOTHING = 'do_build() { :; }\ndo_install() { :; }\n';
