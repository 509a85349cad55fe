import type { PackageIdent } from '@hab/ident';

import { identArgument } from './arguments.ts';
import type { CommandContext } from './context.ts';
import { failed } from './errors.ts';

/** What `svc load` is given: an identifier, or an artifact, which is installed and pinned to its exact release. */
export async function resolveServiceIdent(text: string, context: CommandContext): Promise<PackageIdent> {
  if (!text.endsWith('.hart')) return identArgument(text);
  const { installArguments } = await import('./install.ts');
  const [ident] = await installArguments([text], {}, context);
  if (ident === undefined) throw failed(`${text} installed nothing`);
  return ident;
}
