// What a key or an artifact must say, found without any of our libraries: plain line splitting, OpenSSL and b2sum.
import { execFileSync } from 'node:child_process';
import { createPublicKey, verify } from 'node:crypto';

/** Lines without their ends. */
export function linesOf(content: Buffer): string[] {
  return content
    .toString('utf8')
    .split('\n')
    .map((line) => line.replace(/\r$/, ''));
}

/** BLAKE2b-256 by coreutils. */
export function b2sum(content: Buffer): string {
  return execFileSync('b2sum', ['-l', '256'], { input: content, encoding: 'utf8' }).slice(0, 64);
}

/** Ed25519 by OpenSSL. */
export function isSignedBy(rawKey: Buffer, message: Buffer, signature: Buffer): boolean {
  const der = Buffer.concat([Buffer.from('302a300506032b6570032100', 'hex'), rawKey]);
  return verify(null, message, createPublicKey({ key: der, format: 'der', type: 'spki' }), signature);
}

/** True for standard base64 with padding. */
export function isBase64(text: string): boolean {
  return Buffer.from(text, 'base64').toString('base64') === text;
}

/** Where the body of an artifact begins. */
export function bodyOffset(content: Buffer): number {
  let offset = 0;
  for (let line = 0; line < 5; line++) {
    const end = content.indexOf(10, offset);
    if (end === -1) return content.length;
    offset = end + 1;
  }
  return offset;
}
