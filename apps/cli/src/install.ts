import type { FullIdent } from '@hab/ident';
import type { CommandContext } from './context.ts';
export async function installArguments(
  _words: readonly string[],
  _options: object,
  _context: CommandContext,
): Promise<FullIdent[]> {
  throw new Error('not yet');
}
