import { type FullIdent, formatIdent, type PackageTarget } from '@hab/ident';

import { HartError } from './errors.ts';
import type { HartHeader } from './header.ts';
import type { Metafile } from './metafile-names.ts';
import {
  parseExposes,
  parseIdentLines,
  parseIdentMetafile,
  parseLines,
  parsePathList,
  parseTargetMetafile,
} from './metafile-text.ts';
import { type CompositeType, type PackageType, parseCompositeType, parsePackageType } from './service-metafiles.ts';

/** Metafiles that reading an artifact keeps. `SERVICES`, `RESOLVED_SERVICES` and `TYPE` are those of 0.64. */
export const ARTIFACT_METAFILES: readonly Metafile[] = [
  'BUILD_DEPS',
  'BUILD_TDEPS',
  'CFLAGS',
  'default.toml',
  'DEPS',
  'EXPOSES',
  'IDENT',
  'LDFLAGS',
  'LD_RUN_PATH',
  'MANIFEST',
  'PACKAGE_TYPE',
  'PATH',
  'RESOLVED_SERVICES',
  'SERVICES',
  'SVC_GROUP',
  'SVC_USER',
  'TARGET',
  'TDEPS',
  'TYPE',
];

/** Texts of the metafiles of one package, trimmed. */
export type MetafileTexts = ReadonlyMap<Metafile, string>;

/** What an artifact says about itself. Absent metafiles are undefined or empty lists. */
export interface HartMetadata {
  readonly ident: FullIdent;
  readonly target: PackageTarget;
  readonly manifest: string;
  readonly deps: readonly FullIdent[];
  readonly tdeps: readonly FullIdent[];
  readonly buildDeps: readonly FullIdent[];
  readonly buildTdeps: readonly FullIdent[];
  readonly exposes: readonly number[];
  /** `default.toml` */
  readonly config?: string | undefined;
  readonly svcUser?: string | undefined;
  readonly svcGroup?: string | undefined;
  readonly ldRunPath?: string | undefined;
  readonly ldflags?: string | undefined;
  readonly cflags?: string | undefined;
  readonly path: readonly string[];
  readonly packageType: PackageType;
  readonly compositeType: CompositeType;
  /** Members of a composite, as written in its plan. */
  readonly services: readonly string[];
  readonly resolvedServices: readonly FullIdent[];
}

/**
 * Judges the metafiles of an artifact.
 *
 * @throws {@link HartError} `HART_METAFILE_NOT_FOUND` without `IDENT`, `TARGET` or `MANIFEST`; `HART_METAFILE_MALFORMED`.
 * @see spec/formats, 9.2
 */
export function parseHartMetadata(texts: MetafileTexts): HartMetadata {
  const idents = (metafile: Metafile): FullIdent[] => parseIdentLines(metafile, texts.get(metafile) ?? '');
  return {
    ident: parseIdentMetafile(required(texts, 'IDENT')),
    target: parseTargetMetafile(required(texts, 'TARGET')),
    manifest: required(texts, 'MANIFEST'),
    deps: idents('DEPS'),
    tdeps: idents('TDEPS'),
    buildDeps: idents('BUILD_DEPS'),
    buildTdeps: idents('BUILD_TDEPS'),
    exposes: parseExposes(texts.get('EXPOSES') ?? ''),
    config: texts.get('default.toml'),
    svcUser: texts.get('SVC_USER'),
    svcGroup: texts.get('SVC_GROUP'),
    ldRunPath: texts.get('LD_RUN_PATH'),
    ldflags: texts.get('LDFLAGS'),
    cflags: texts.get('CFLAGS'),
    path: parsePathList(texts.get('PATH') ?? ''),
    packageType: parsePackageType(texts.get('PACKAGE_TYPE') ?? 'standard'),
    compositeType: parseCompositeType(texts.get('TYPE') ?? 'standalone'),
    services: parseLines(texts.get('SERVICES') ?? ''),
    resolvedServices: idents('RESOLVED_SERVICES'),
  };
}

/** True for a package with something to run under a Supervisor. */
export function isService(metadata: HartMetadata): boolean {
  return metadata.svcUser !== undefined;
}

/** What `hab pkg info --json` prints, in its order; absent is null. */
export interface PackageInfo {
  readonly format_version: string;
  readonly key_name: string;
  readonly hash_type: string;
  readonly signature_raw: string;
  readonly ident: string;
  readonly origin: string;
  readonly name: string;
  readonly version: string;
  readonly release: string;
  readonly checksum: string;
  readonly target: string;
  readonly is_a_service: boolean;
  readonly deps: readonly string[];
  readonly tdeps: readonly string[];
  readonly build_deps: readonly string[];
  readonly build_tdeps: readonly string[];
  readonly exposes: readonly number[];
  readonly manifest: string;
  readonly config: string | null;
  readonly svc_user: string | null;
  readonly svc_group: string | null;
  readonly ld_run_path: string | null;
  readonly ldflags: string | null;
  readonly cflags: string | null;
}

/**
 * The record of `hab pkg info --json`: `JSON.stringify` keeps its order.
 *
 * @param checksum - BLAKE2b-256 of the whole file.
 * @see spec/formats, 9.2
 */
export function toPackageInfo(header: HartHeader, metadata: HartMetadata, checksum: string): PackageInfo {
  const { ident } = metadata;
  return {
    format_version: header.formatVersion,
    key_name: header.keyName,
    hash_type: header.hashType,
    signature_raw: header.signatureText,
    ident: formatIdent(ident),
    origin: ident.origin,
    name: ident.name,
    version: ident.version,
    release: ident.release,
    checksum,
    target: metadata.target,
    is_a_service: isService(metadata),
    deps: metadata.deps.map(formatIdent),
    tdeps: metadata.tdeps.map(formatIdent),
    build_deps: metadata.buildDeps.map(formatIdent),
    build_tdeps: metadata.buildTdeps.map(formatIdent),
    exposes: metadata.exposes,
    manifest: metadata.manifest,
    config: metadata.config ?? null,
    svc_user: metadata.svcUser ?? null,
    svc_group: metadata.svcGroup ?? null,
    ld_run_path: metadata.ldRunPath ?? null,
    ldflags: metadata.ldflags ?? null,
    cflags: metadata.cflags ?? null,
  };
}

function required(texts: MetafileTexts, metafile: Metafile): string {
  const text = texts.get(metafile);
  if (text !== undefined) return text;
  throw new HartError('HART_METAFILE_NOT_FOUND', `Metafile ${metafile} is not in the artifact`, {
    details: { metafile },
    hint: 'The artifact was not built by Habitat. Build it again.',
  });
}
