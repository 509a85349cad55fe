import { spawnSync } from 'node:child_process';
import { createPrivateKey, createPublicKey, sign, verify } from 'node:crypto';
import { systemClock, systemRandom } from '@hab/core/node';
import { createSigner, createVerifier, generateOriginKeyPair, portableEngine } from '@hab/crypto-keys';
import { nodeEngine } from '@hab/crypto-keys/node';

import type { BenchIo } from './main.ts';
import { interleave } from './measure.ts';

/** What an artifact's signature covers. */
const MESSAGE = new TextEncoder().encode('0f2c5f4de145c7f78601caae9c7b8767098413d05739de913c012922b7eed760');
const COUNT = 2000;
const PORTABLE_COUNT = 100;
const ROUNDS = 9;

/** Signs and verifies hashes beside bare OpenSSL: the same library inside Node, and `openssl speed`. */
export default async function run({ print }: BenchIo): Promise<void> {
  const pair = generateOriginKeyPair({ name: 'bench', clock: systemClock, random: systemRandom, engine: nodeEngine });
  const seed = pair.secret.copyMaterial().subarray(0, 32);
  const der = Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), seed]);
  const privateKey = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
  const publicKey = createPublicKey(privateKey);
  const signer = createSigner(pair.secret, { engine: nodeEngine });
  const verifier = createVerifier(pair.public, { engine: nodeEngine });
  const portableSigner = createSigner(pair.secret, { engine: portableEngine });
  const portableVerifier = createVerifier(pair.public, { engine: portableEngine });
  const signed = signer(MESSAGE);
  const signature = signed.subarray(0, 64);
  const times = await interleave(
    {
      sign: () => repeat(COUNT, () => signer(MESSAGE)),
      opensslSign: () => repeat(COUNT, () => sign(null, MESSAGE, privateKey)),
      verify: () => repeat(COUNT, () => verifier(signed)),
      opensslVerify: () => repeat(COUNT, () => verify(null, MESSAGE, publicKey, signature)),
      portableSign: () => repeat(PORTABLE_COUNT, () => portableSigner(MESSAGE)),
      portableVerify: () => repeat(PORTABLE_COUNT, () => portableVerifier(signed)),
    },
    ROUNDS,
  );
  const rate = (name: string, count = COUNT): number => (count * 1000) / (times[name] ?? Number.NaN);
  const line = (what: string, ours: number, bare: number): void =>
    print(
      `${what.padEnd(8)} ${perSecond(ours)}  bare OpenSSL in Node ${perSecond(bare)}  ratio ${(ours / bare).toFixed(2)}`,
    );
  line('sign', rate('sign'), rate('opensslSign'));
  line('verify', rate('verify'), rate('opensslVerify'));
  print(
    `portable sign ${perSecond(rate('portableSign', PORTABLE_COUNT))}, verify ${perSecond(rate('portableVerify', PORTABLE_COUNT))}`,
  );
  print(`openssl speed: ${opensslSpeed()}`);
}

function repeat(count: number, action: () => unknown): void {
  for (let i = 0; i < count; i++) action();
}

const perSecond = (rate: number): string => `${Math.round(rate).toLocaleString('en')}/s`;

/** The last line of the program's table. */
function opensslSpeed(): string {
  const { stdout } = spawnSync('openssl', ['speed', '-seconds', '1', 'ed25519'], { encoding: 'utf8' });
  return stdout?.trim().split('\n').at(-1)?.trim() ?? 'not here';
}
