import { createKeys, formatKey, generateRingKey, MAX_KEY_TEXT_BYTES, parseKey } from '@hab/crypto-keys';
import type { Command } from 'commander';

import { aliasesOf } from '../abbreviations.ts';
import type { CommandContext } from '../context.ts';
import { addKeyCacheOption, type KeyCacheOption, openKeyCache } from '../key-cache.ts';
import { readAll } from '../read-all.ts';

export function register(ring: Command, context: CommandContext): void {
  const { ui, clock, random } = context;
  const key = ring.command('key').aliases(aliasesOf('svc', 'key')).description('Keys that all members of a ring share');
  const command = (word: string, summary: string): Command =>
    addKeyCacheOption(key.command(word).aliases(aliasesOf('origin key', word)).description(summary));

  command('generate', 'Make a new key')
    .argument('<ring>', 'Name of the ring')
    .action(async (name: string, options: KeyCacheOption) => {
      ui.begin(`Generating ring key for ${name}`);
      const made = await createKeys(openKeyCache(options, context), generateRingKey, { name, clock, random });
      ui.end(`Generated ring key ${made.namedRevision}.`);
    });

  command('export', 'Print the newest key of a ring, and nothing else')
    .argument('<ring>', 'Name of the ring')
    .action(async (name: string, options: KeyCacheOption) => {
      ui.data(formatKey(await openKeyCache(options, context).latest('ring', name)));
    });

  command('import', 'Keep a key that standard input brings').action(async (options: KeyCacheOption) => {
    ui.begin('Importing ring key from standard input');
    const text = new TextDecoder().decode(await readAll(context.stdin, MAX_KEY_TEXT_BYTES));
    const imported = parseKey('ring', text.trim());
    await openKeyCache(options, context).write(imported);
    ui.end(`Imported ring key ${imported.namedRevision}.`);
  });
}
