import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { rejectionOf } from '@hab/core/testing';
import { parseFullIdent, parseIdent } from '@hab/ident';
import { describe, expect, test } from 'vitest';

import type { ArtifactSource } from '../artifact-source.ts';

/** A source that has exactly the artifacts it was given. */
export interface ArtifactSourceSubject {
  readonly source: ArtifactSource;
  close(): Promise<void>;
}

/** The identifiers that {@link describeArtifactSource} needs artifacts of. */
export const CONTRACT_IDENTS: readonly string[] = [
  'acme/zee/1.2/20200101000000',
  'acme/zee/1.2/20200101000001',
  'acme/zee/1.10/20190101000000',
  'acme/zee-tools/9.9/20200101000000',
];

/** The rules that every {@link ArtifactSource} keeps. Run it from a vitest file. */
export function describeArtifactSource(name: string, create: () => Promise<ArtifactSourceSubject>): void {
  const target = 'x86_64-linux';
  const contract = (title: string, run: (source: ArtifactSource, scratch: string) => Promise<void>): void => {
    test(title, async () => {
      const scratch = await mkdtemp(join(tmpdir(), 'hab-source-'));
      const subject = await create();
      try {
        await run(subject.source, scratch);
      } finally {
        await subject.close();
        await rm(scratch, { recursive: true });
      }
    });
  };

  describe(`artifact source: ${name}`, () => {
    contract('finds the newest release, not that of a longer name', async (source) => {
      const found = async (text: string) => await source.find(parseIdent(text), target);
      expect(await found('acme/zee')).toEqual(parseFullIdent('acme/zee/1.10/20190101000000'));
      expect(await found('acme/zee/1.2')).toEqual(parseFullIdent('acme/zee/1.2/20200101000001'));
      expect(await found('acme/zee/1.2/20200101000000')).toEqual(parseFullIdent('acme/zee/1.2/20200101000000'));
    });

    contract('what it does not have it does not find', async (source, scratch) => {
      for (const text of ['acme/none', 'acme/zee/2', 'acme/zee/1.2/20200101000009', 'core/zee', 'a/../b']) {
        expect(await source.find(parseIdent(text), target)).toBeUndefined();
      }
      expect(await source.find(parseIdent('acme/zee'), 'aarch64-linux')).toBeUndefined();
      const ident = parseFullIdent('acme/zee/1.2/20200101000009');
      const error = await rejectionOf(source.fetch(ident, target, { into: join(scratch, 'artifact') }));
      expect(error).toMatchObject({ code: 'STORE_ARTIFACT_NOT_FOUND' });
      expect(await readdir(scratch)).toEqual([]);
    });

    contract('fetches whole files with mode 0644', async (source, scratch) => {
      let bytes = 0;
      for (const text of CONTRACT_IDENTS) {
        const into = join(scratch, text.replaceAll('/', '-'));
        await source.fetch(parseFullIdent(text), target, { into, onProgress: (sofar) => (bytes = sofar) });
        expect((await stat(into)).mode & 0o7777).toBe(0o644);
        expect((await readFile(into)).length).toBe(bytes);
        expect((await readFile(into, 'latin1')).startsWith('HART-1\n')).toBe(true);
      }
      expect(await readdir(scratch)).toHaveLength(CONTRACT_IDENTS.length);
    });

    contract('stops when told, leaving nothing', async (source, scratch) => {
      const controller = new AbortController();
      controller.abort(new Error('enough'));
      const into = join(scratch, 'artifact');
      const ident = parseFullIdent('acme/zee/1.2/20200101000000');
      expect(await rejectionOf(source.fetch(ident, target, { into, signal: controller.signal }))).toMatchObject({
        message: 'enough',
      });
      expect(await readdir(scratch)).toEqual([]);
    });
  });
}
