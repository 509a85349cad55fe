import {
  createKeys,
  formatKey,
  generateOriginKeyPair,
  isKeysError,
  MAX_KEY_TEXT_BYTES,
  parseOriginSigningKey,
} from '@hab/crypto-keys';
import { nodeEngine } from '@hab/crypto-keys/node';
import type { Command } from 'commander';

import { aliasesOf } from '../abbreviations.ts';
import { choice } from '../arguments.ts';
import type { CommandContext } from '../context.ts';
import { failed } from '../errors.ts';
import { addKeyCacheOption, type KeyCacheOption, openKeyCache } from '../key-cache.ts';
import { resolveOrigin } from '../origin-name.ts';
import { readAll } from '../read-all.ts';

export function register(origin: Command, context: CommandContext): void {
  const { ui, clock, random } = context;
  const key = origin
    .command('key')
    .aliases(aliasesOf('origin', 'key'))
    .description('Keys that sign the packages of an origin');
  const command = (word: string, summary: string): Command =>
    addKeyCacheOption(key.command(word).aliases(aliasesOf('origin key', word)).description(summary));

  command('generate', 'Make a new pair of keys')
    .argument('[origin]', 'Name of the origin [env: HAB_ORIGIN]')
    .action(async (given: string | undefined, options: KeyCacheOption) => {
      const name = await resolveOrigin(given, context);
      ui.begin(`Generating origin key for ${name}`);
      const cache = openKeyCache(options, context);
      const pair = await createKeys(cache, generateOriginKeyPair, { name, clock, random, engine: nodeEngine });
      ui.end(`Generated origin key pair ${pair.secret.namedRevision}.`);
    });

  command('import', 'Keep a key that standard input brings').action(async (options: KeyCacheOption) => {
    ui.begin('Importing origin key from standard input');
    const text = new TextDecoder().decode(await readAll(context.stdin, MAX_KEY_TEXT_BYTES));
    const imported = parseOriginSigningKey(text);
    await openKeyCache(options, context).write(imported);
    const half = imported.kind === 'origin-signing-public' ? 'public' : 'secret';
    ui.end(`Imported ${half} origin key ${imported.namedRevision}`);
  });

  command('export', 'Print the newest key of an origin, and nothing else')
    .argument('<origin>', 'Name of the origin')
    .option('-t, --type <half>', 'public or secret', choice(['public', 'secret'] as const), 'public')
    .action(async (name: string, options: KeyCacheOption & { type: 'public' | 'secret' }) => {
      const cache = openKeyCache(options, context);
      try {
        ui.data(formatKey(await cache.latest(`origin-signing-${options.type}`, name)));
      } catch (error) {
        if (!isKeysError(error, 'KEYS_NO_REVISIONS')) throw error;
        throw failed(
          `No revisions found for ${name}`,
          `Make a key with \`hab origin key generate ${name}\`, or bring one with \`hab origin key import\`.`,
          error,
        );
      }
    });
}
