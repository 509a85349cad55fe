/** What a Supervisor knows of its ring: rumors, their merge, the census. @packageDocumentation */

export type { Census, CensusFile, CensusGroup, CensusMember } from './census.ts';
export { configOf, toCensus, withMemberConfig } from './census.ts';
export { decodeMembership, decodeRumor, encodeMembership, encodeRumor } from './codec.ts';
export type { CensusErrorCode, CensusErrorDetails } from './errors.ts';
export { CensusError, isCensusError } from './errors.ts';
export { butterflyView, censusView, memberView } from './json-views.ts';
export type { MergedElection } from './merge-election.ts';
export { mergeElections } from './merge-election.ts';
export type {
  DepartureRumor,
  ElectionRumor,
  ElectionStatus,
  Health,
  Member,
  MemberRumor,
  Membership,
  Rumor,
  ServiceConfigRumor,
  ServiceFileRumor,
  ServiceRumor,
  SysInfo,
} from './rumor.ts';
export { CONTROL_SENDER } from './rumor.ts';
export { decodeRumorFile, encodeRumorFile } from './rumor-file.ts';
export type { MergeResult, RumorStore, StorePart } from './rumor-store.ts';
export { EMPTY_STORE, mergeRumor } from './rumor-store.ts';
