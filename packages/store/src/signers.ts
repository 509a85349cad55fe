import { parseNamedRevision } from '@hab/crypto-keys';
import { type FullIdent, formatIdent } from '@hab/ident';

import { StoreError } from './errors.ts';

/** Origins whose packages other origins may sign, too: `{ core: ['acme'] }` lets acme's keys sign core's packages. */
export type SignerOverrides = Readonly<Record<string, readonly string[]>>;

/**
 * A key may sign the packages of its own origin only. The originals let every key that the depot serves sign anything.
 *
 * @throws {@link StoreError} `STORE_SIGNER_REFUSED`.
 * @see spec/formats, 17 (2)
 */
export function requireSignerOf(ident: FullIdent, keyName: string, overrides: SignerOverrides = {}): void {
  const { name: signer } = parseNamedRevision(keyName);
  const allowed = Object.hasOwn(overrides, ident.origin) ? overrides[ident.origin] : undefined;
  if (signer === ident.origin || allowed?.includes(signer) === true) return;
  throw new StoreError(
    'STORE_SIGNER_REFUSED',
    `${formatIdent(ident)} is signed with ${keyName}, a key of another origin`,
    {
      details: { ident: formatIdent(ident), keyName },
      hint: `Only keys of ${ident.origin} may sign its packages. Allow ${signer} explicitly if you trust it to.`,
    },
  );
}
