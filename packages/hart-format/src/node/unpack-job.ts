import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { createBlake2bHasher } from '@hab/crypto-keys/blake2b';
import type { FullIdent, PackageTarget } from '@hab/ident';

import { HartError } from '../errors.ts';
import { requireSameHash } from '../hash-verdict.ts';
import type { ArchiveLimits } from '../limits.ts';
import { decodeByteString, requireSamePackage } from '../member-path.ts';
import type { Metafile } from '../metafile-names.ts';
import { decodeMetafile, parseIdentMetafile, parseTargetMetafile } from '../metafile-text.ts';
import { type BodyExtent, BodySource } from './body-source.ts';
import { Extraction } from './extraction.ts';
import { readTar } from './tar-reader.ts';

/** What the worker is to unpack; goes through structured clone. */
export interface UnpackJob extends BodyExtent {
  readonly type: 'unpack';
  /** An empty directory of mode 0700. */
  readonly into: string;
  /** What the signature vouches for. */
  readonly signedHash: string;
  readonly expectedIdent?: FullIdent | undefined;
  readonly limits: ArchiveLimits;
}

/** What was unpacked. */
export interface UnpackResult {
  readonly ident: FullIdent;
  readonly target: PackageTarget;
  /** The package's own directory below `into`. */
  readonly directory: string;
  readonly members: number;
}

/**
 * One pass: hash, decompress, unpack. The hash decides first: content that was not signed is a mismatch whatever else is
 * wrong with it.
 */
export async function runUnpackJob(job: UnpackJob, checkpoint: (packedBytes: number) => void): Promise<UnpackResult> {
  const hasher = await createBlake2bHasher();
  const source = new BodySource(job, { limits: job.limits, checkpoint, hasher });
  const extraction = new Extraction(job.into, job.expectedIdent, job.limits.members);
  let failure: unknown;
  try {
    await readTar(source.unpacked(), job.limits.members, (entry) => extraction.visit(entry));
  } catch (error) {
    if (!(error instanceof HartError)) throw error; // the machine or the caller ended it; no verdict about the content
    failure = error;
  } finally {
    extraction.close();
  }
  source.hashRest();
  requireSameHash(job.signedHash, hasher.digestHex(), failure);
  if (failure !== undefined) throw failure;
  extraction.finish();
  return judge(job, extraction);
}

function judge(job: UnpackJob, extraction: Extraction): UnpackResult {
  const { prefix, members } = extraction;
  if (prefix === undefined) throw notFound('IDENT');
  const directory = join(job.into, ...prefix.pieces.map(decodeByteString));
  const ident = parseIdentMetafile(readMetafile(directory, 'IDENT'));
  requireSamePackage(prefix.ident, ident, 'IDENT says');
  return { ident, target: parseTargetMetafile(readMetafile(directory, 'TARGET')), directory, members };
}

/** Metafiles that identify a package are tiny. */
const MAX_IDENTITY_BYTES = 4096;

function readMetafile(directory: string, metafile: Metafile): string {
  let fd: number;
  try {
    fd = openSync(join(directory, metafile), constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ELOOP')) {
      throw notFound(metafile);
    }
    throw error;
  }
  try {
    if (!fstatSync(fd).isFile()) throw notFound(metafile);
    const buffer = new Uint8Array(MAX_IDENTITY_BYTES);
    return decodeMetafile(metafile, buffer.subarray(0, readSync(fd, buffer)));
  } finally {
    closeSync(fd);
  }
}

function notFound(metafile: Metafile): HartError<'HART_METAFILE_NOT_FOUND'> {
  return new HartError('HART_METAFILE_NOT_FOUND', `Metafile ${metafile} is not in the artifact`, {
    details: { metafile },
    hint: 'The artifact was not built by Habitat. Build it again.',
  });
}
