/** Artifacts on disk: open, verify, sign, pack, unpack. @packageDocumentation */

export type { HartFile, SigningKeys } from './hart-file.ts';
export { openHart, readHartHeader, readSignedHash } from './hart-file.ts';
export type { HartWorker, HartWorkerOptions, ReportBytes } from './hart-worker.ts';
export { createHartWorker } from './hart-worker.ts';
export type { PackedHart, PackOptions } from './pack.ts';
export { packHart } from './pack.ts';
export type { HartProgress, ProgressOptions } from './progress.ts';
export type { HartMember, ReadHart, ReadOptions } from './read-metadata.ts';
export { listHart, peekHartIdent, readHartMetadata } from './read-metadata.ts';
export type { SignedHart, SignOptions } from './sign.ts';
export { signHart } from './sign.ts';
export type { UnpackedHart, UnpackOptions } from './unpack.ts';
export { unpackHart } from './unpack.ts';
export type { VerifiedHart, VerifyOptions } from './verify.ts';
export { checksumHart, verifyHart } from './verify.ts';
