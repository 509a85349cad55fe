/** Package identifiers, versions, targets and service groups of Habitat. @packageDocumentation */

export type { Bind, BindingMode, CompositeBind } from './bind.ts';
export {
  DEFAULT_BINDING_MODE,
  formatBind,
  formatCompositeBind,
  parseBind,
  parseBindingMode,
  parseCompositeBind,
} from './bind.ts';
export { compareByteOrder } from './byte-order.ts';
export type { IdentErrorCode, IdentErrorDetails } from './errors.ts';
export { IdentError, isIdentError } from './errors.ts';
export {
  DEFAULT_HEALTH_CHECK_INTERVAL_SEC,
  formatHealthCheckInterval,
  parseHealthCheckInterval,
} from './health-check-interval.ts';
export type { FullIdent, PackageIdent, PackageIdentRecord } from './ident.ts';
export {
  formatIdent,
  identPieces,
  isFullyQualified,
  parseFullIdent,
  parseIdent,
  requireFullIdent,
  sameIdent,
  satisfies,
  toIdentRecord,
} from './ident.ts';
export { MAX_IDENT_LENGTH, MAX_SERVICE_GROUP_LENGTH } from './limits.ts';
export { compareByParts, comparePartial, compareTotal } from './ordering.ts';
export type { ApplicationEnvironment, LegacyServiceGroup, ServiceGroup } from './service-group.ts';
export {
  DEFAULT_GROUP,
  formatServiceGroup,
  parseApplicationEnvironment,
  parseLegacyServiceGroup,
  parseServiceGroup,
  withOrganization,
} from './service-group.ts';
export type { Machine, PackageTarget, TargetPieces } from './target.ts';
export { artifactName, isPackageTarget, PACKAGE_TARGETS, parseTarget, targetFor, targetPieces } from './target.ts';
export {
  isOriginName,
  isPackageName,
  isPathSafeIdent,
  isPlanName,
  isUploadableIdent,
  MAX_ORIGIN_LENGTH,
} from './validity.ts';
export type { VersionParts } from './version.ts';
export { compareVersions, compareVersionsTotal, splitVersion } from './version.ts';
export type { ToolPackage } from './well-known.ts';
export { DEFAULT_CHANNEL, isToolPackage, TOOL_PACKAGES, UPLOAD_CHANNEL } from './well-known.ts';
