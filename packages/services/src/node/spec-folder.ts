import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';

import { writeFileAtomic } from '@hab/core/node';

import { ServiceError } from '../errors.ts';
import { formatSpec, parseSpec, type ServiceSpec, type SpecDefaults, specFileName } from '../spec.ts';

/** The folder of spec files: what should run on this machine. */
export class SpecFolder {
  readonly path: string;
  readonly #defaults: SpecDefaults;
  readonly #onSkipped: (file: string, reason: string) => void;

  /** @param onSkipped - Told of a file that is no spec, once per reading; it is left alone. */
  constructor(path: string, defaults: SpecDefaults, onSkipped: (file: string, reason: string) => void) {
    this.path = path;
    this.#defaults = defaults;
    this.#onSkipped = onSkipped;
  }

  /** Specs by package name. */
  async readAll(): Promise<ReadonlyMap<string, ServiceSpec>> {
    const specs = new Map<string, ServiceSpec>();
    for (const file of (await readdir(this.path)).sort()) {
      if (!file.endsWith('.spec') || file.startsWith('.')) continue;
      try {
        const spec = await this.#read(file);
        specs.set(spec.ident.name, spec);
      } catch (error) {
        this.#onSkipped(join(this.path, file), error instanceof Error ? error.message : String(error));
      }
    }
    return specs;
  }

  async write(spec: ServiceSpec): Promise<void> {
    await mkdir(this.path, { recursive: true });
    await writeFileAtomic(join(this.path, specFileName(spec)), formatSpec(spec), { mode: 0o600 });
  }

  async remove(spec: ServiceSpec): Promise<void> {
    await rm(join(this.path, specFileName(spec)), { force: true });
  }

  pathOf(spec: ServiceSpec): string {
    return join(this.path, specFileName(spec));
  }

  async #read(file: string): Promise<ServiceSpec> {
    const path = join(this.path, file);
    const spec = parseSpec(await readFile(path, 'utf8'), this.#defaults);
    if (specFileName(spec) === file) return spec;
    throw new ServiceError('SERVICE_SPEC_INVALID', `It is named ${file} but its ident is ${spec.ident.name}`, {
      details: { path, key: 'ident' },
    });
  }
}
