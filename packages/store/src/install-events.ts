import type { FullIdent } from '@hab/ident';

/** What happens during an install, for whoever shows it. */
export type InstallProgress =
  /** A request was resolved to a release. */
  | { readonly type: 'store:resolved'; readonly ident: FullIdent; readonly installed: boolean }
  /** Bytes of an artifact have come from a source. */
  | { readonly type: 'store:fetched'; readonly ident: FullIdent; readonly source: string; readonly bytes: number }
  /** A damaged file of the cache was set aside and is fetched again. */
  | { readonly type: 'store:damaged'; readonly ident: FullIdent; readonly path: string }
  /** Packed bytes that were verified and unpacked. */
  | { readonly type: 'store:unpacked'; readonly ident: FullIdent; readonly bytes: number }
  /** A package became visible. */
  | { readonly type: 'store:installed'; readonly ident: FullIdent }
  /** A package was removed, or would be. */
  | { readonly type: 'store:removed'; readonly ident: FullIdent };
