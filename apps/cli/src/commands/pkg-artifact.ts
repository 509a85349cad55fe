import { resolve } from 'node:path';

import { type HabKey, isKeysError } from '@hab/crypto-keys';
import { hashFile } from '@hab/crypto-keys/node';
import { toPackageInfo } from '@hab/hart';
import { checksumHart, readHartHeader, readHartMetadata, signHart } from '@hab/hart/node';

import type { CommandContext } from '../context.ts';
import { failed, usage } from '../errors.ts';
import { addKeyCacheOption, type KeyCacheOption, keyCachePath, openKeyCache } from '../key-cache.ts';
import { resolveOrigin } from '../origin-name.ts';
import { readAll } from '../read-all.ts';
import type { AddCommand } from './add-command.ts';
import { registerVerifyCommand } from './pkg-verify.ts';

/** Width of the labels of `pkg info` and `pkg header`. See spec/cli 7. */
const LABEL_WIDTH = 15;
/** More paths than fit in here are no list for `pkg hash`. */
const MAX_LIST_BYTES = 16 * 1024 * 1024;

/** Commands about artifact files; none of them looks at what is installed. */
export function registerArtifactCommands(add: AddCommand, context: CommandContext): void {
  const { ui, cwd, signal } = context;
  const field = (label: string, value: string): void => ui.data(`${label.padEnd(LABEL_WIDTH)}: ${value}\n`);

  add('info', 'Show what an artifact says about itself')
    .argument('<artifact>', 'A .hart file')
    .option('-j, --json', 'Print all of it as JSON')
    .action(async (file: string, options: { json?: boolean }) => {
      const path = resolve(cwd, file);
      const { header, metadata } = await readHartMetadata(path, { signal });
      if (options.json === true) {
        ui.document(toPackageInfo(header, metadata, await checksumHart(path, { signal })));
        return;
      }
      ui.begin(`Reading PackageIdent from ${file}`);
      ui.info('');
      field('Package Path', file);
      field('Origin', metadata.ident.origin);
      field('Name', metadata.ident.name);
      field('Version', metadata.ident.version);
      field('Release', metadata.ident.release);
    });

  add('header', 'Show the header of an artifact')
    .argument('<artifact>', 'A .hart file')
    .option('--json', 'Print JSON')
    .action(async (file: string) => {
      const header = await readHartHeader(resolve(cwd, file));
      if (ui.json) {
        const { formatVersion, keyName, hashType, signatureText } = header;
        ui.document({
          format_version: formatVersion,
          key_name: keyName,
          hash_type: hashType,
          signature_raw: signatureText,
        });
        return;
      }
      ui.begin(`Reading package header for ${file}`);
      ui.info('');
      field('Package', file);
      field('Format Version', header.formatVersion);
      field('Key Name', header.keyName);
      field('Hash Type', header.hashType);
      field('Raw Signature', header.signatureText);
    });

  add('hash', 'Print the BLAKE2b checksum of files')
    .argument('[file]', 'A file; without it, one path a line on standard input')
    .option('--json', 'Print JSON')
    .action(async (file: string | undefined) => {
      const paths = file === undefined ? await readPaths(context) : [file];
      for (const path of paths) {
        const hash = await hashOf(path, context, file !== undefined);
        if (ui.json) ui.document({ path, blake2b: hash });
        else ui.data(`${hash}  ${path}\n`);
      }
    });

  addKeyCacheOption(add('sign', 'Sign a file with the newest key of an origin'))
    .argument('<source>', 'File to sign')
    .argument('<destination>', 'Signed file to write')
    .option('--origin <name>', 'Origin whose key signs [env: HAB_ORIGIN]')
    .action(async (source: string, destination: string, options: KeyCacheOption & { origin?: string }) => {
      const origin = await resolveOrigin(options.origin, context);
      const key = await findSigningKey(origin, options, context);
      ui.begin(`Signing ${source}`);
      ui.status('Signing', `${source} with ${key.namedRevision} to create ${destination}`);
      await signHart(resolve(cwd, source), resolve(cwd, destination), { key, signal });
      ui.end(`Signed artifact ${destination}.`);
    });

  registerVerifyCommand(add, context);
}

/** The newest secret key of an origin, or what to do about there being none. */
export async function findSigningKey(
  origin: string,
  options: KeyCacheOption,
  context: CommandContext,
): Promise<HabKey<'origin-signing-secret'>> {
  try {
    return await openKeyCache(options, context).latest('origin-signing-secret', origin);
  } catch (error) {
    if (!isKeysError(error, 'KEYS_NO_REVISIONS')) throw error;
    throw failed(
      `Signing origin key '${origin}' not found in ${keyCachePath(options, context)}`,
      `Make one with \`hab origin key generate ${origin}\`, or bring one with \`hab origin key import\`.`,
      error,
    );
  }
}

async function readPaths({ stdin }: CommandContext): Promise<string[]> {
  const text = new TextDecoder().decode(await readAll(stdin, MAX_LIST_BYTES));
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
}

async function hashOf(path: string, { cwd, signal }: CommandContext, named: boolean): Promise<string> {
  try {
    return await hashFile(resolve(cwd, path), { signal });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    // A file that the command line names must be there: that is a matter of usage.
    if (named && (code === 'ENOENT' || code === 'EISDIR')) throw usage(`File not found at: ${path}`, path);
    throw error;
  }
}
