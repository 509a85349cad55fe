import { seededRandom } from '@hab/core/testing';
import { expect, test } from 'vitest';

import { portableEngine } from '../src/index.ts';
import { nodeEngine } from '../src/node/index.ts';
import { describeCryptoEngine } from '../src/testing/index.ts';

describeCryptoEngine('portable', portableEngine);
describeCryptoEngine('node', nodeEngine);

test('both engines give the same bytes', () => {
  const random = seededRandom(3);
  for (let i = 0; i < 20; i++) {
    const [a, b, message] = [random.bytes(32), random.bytes(32), random.bytes(i * 13)];
    expect(nodeEngine.ed25519PublicKey(a)).toEqual(portableEngine.ed25519PublicKey(a));
    expect(nodeEngine.ed25519Signer(a)(message)).toEqual(portableEngine.ed25519Signer(a)(message));
    expect(nodeEngine.x25519PublicKey(a)).toEqual(portableEngine.x25519PublicKey(a));
    const other = portableEngine.x25519PublicKey(b);
    expect(nodeEngine.x25519SharedSecret(a, other)).toEqual(portableEngine.x25519SharedSecret(a, other));
  }
});
