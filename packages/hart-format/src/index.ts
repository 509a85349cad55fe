/** Read, sign, verify, pack and unpack Habitat `.hart` artifacts. @packageDocumentation */

export type { CompressionLevel } from './compression.ts';
export { DEFAULT_COMPRESSION_LEVEL, parseCompressionLevel } from './compression.ts';
export type {
  ArchiveLimit,
  BodyProblem,
  HartErrorCode,
  HartErrorDetails,
  MemberProblem,
  TreeProblem,
} from './errors.ts';
export { HartError, isHartError } from './errors.ts';
export type { FileHash } from './files-list.ts';
export { formatFilesList, parseFilesList } from './files-list.ts';
export type { HartHeader } from './header.ts';
export {
  formatHartHeader,
  HART_FORMAT_VERSION,
  HART_HASH_TYPE,
  hartHeaderBytes,
  MAX_HEADER_BYTES,
  MAX_HEADER_LINE_BYTES,
  parseHartHeader,
} from './header.ts';
export type { ArchiveLimits } from './limits.ts';
export { DEFAULT_ARCHIVE_LIMITS } from './limits.ts';
export type { HartMetadata, MetafileTexts, PackageInfo } from './metadata.ts';
export { ARTIFACT_METAFILES, isService, parseHartMetadata, toPackageInfo } from './metadata.ts';
export type { Metafile } from './metafile-names.ts';
export { isMetafile, METAFILES } from './metafile-names.ts';
export type { BindDeclaration, KeyValues, PathSeparator } from './metafile-text.ts';
export {
  decodeMetafile,
  formatBindDeclarations,
  formatExposes,
  formatIdentLines,
  formatKeyValues,
  formatMetafile,
  formatPathList,
  MAX_METAFILE_BYTES,
  parseBindDeclarations,
  parseExposes,
  parseFuzzyIdentLines,
  parseIdentLines,
  parseIdentMetafile,
  parseKeyValues,
  parseLines,
  parsePathList,
  parseTargetMetafile,
} from './metafile-text.ts';
export type { BindMapping, CompositeType, PackageType, ShutdownSignal } from './service-metafiles.ts';
export {
  DEFAULT_SHUTDOWN_SIGNAL,
  DEFAULT_SHUTDOWN_TIMEOUT_SEC,
  formatBindMap,
  formatInstallHookStatus,
  parseBindMap,
  parseCompositeType,
  parseInstallHookStatus,
  parsePackageType,
  parseShutdownSignal,
  parseShutdownTimeout,
  SHUTDOWN_SIGNALS,
} from './service-metafiles.ts';
export { openSignedHash, signContent, signHash, verifyContent } from './signed-content.ts';
