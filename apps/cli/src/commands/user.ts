import { createKeys, generateUserKeyPair } from '@hab/crypto-keys';
import { nodeEngine } from '@hab/crypto-keys/node';
import type { Command } from 'commander';

import { aliasesOf } from '../abbreviations.ts';
import type { CommandContext } from '../context.ts';
import { addKeyCacheOption, type KeyCacheOption, openKeyCache } from '../key-cache.ts';

export function register(user: Command, context: CommandContext): void {
  const { ui, clock, random } = context;
  const key = user.command('key').aliases(aliasesOf('svc', 'key')).description('Keys of people who configure services');
  addKeyCacheOption(key.command('generate').aliases(aliasesOf('origin key', 'generate')))
    .description('Make a new pair of keys')
    .argument('<user>', 'Name of the person')
    .action(async (name: string, options: KeyCacheOption) => {
      ui.begin(`Generating user encryption key for ${name}`);
      const settings = { name, clock, random, engine: nodeEngine };
      const pair = await createKeys(openKeyCache(options, context), generateUserKeyPair, settings);
      ui.end(`Generated user encryption key pair ${pair.secret.namedRevision}.`);
    });
}
