import { expect, test } from 'vitest';

import { decodeBase64, encodeBase64, equalBytes, toHex } from '../src/index.ts';

test('base64 round trip of every length', () => {
  for (let length = 0; length < 70; length++) {
    const bytes = Uint8Array.from({ length }, (_, i) => (i * 37 + length) & 0xff);
    expect(decodeBase64(encodeBase64(bytes))).toEqual(bytes);
    expect(encodeBase64(bytes)).toBe(Buffer.from(bytes).toString('base64'));
  }
});

test.for(['A', 'AA', 'AAA', 'AB==', 'AAB=', 'AA-_', 'AA AA', 'AAAA\n', '=AAA', 'AA=A', 'é'])('rejects %j', (text) => {
  expect(decodeBase64(text)).toBeUndefined();
});

test('decodes megabytes', () => {
  expect(decodeBase64('A'.repeat(8_000_000))?.length).toBe(6_000_000);
});

test('compares bytes', () => {
  expect(equalBytes(Uint8Array.of(1, 2), Uint8Array.of(1, 2))).toBe(true);
  expect(equalBytes(Uint8Array.of(1, 2), Uint8Array.of(1, 3))).toBe(false);
  expect(equalBytes(Uint8Array.of(1, 2), Uint8Array.of(1))).toBe(false);
  expect(toHex(Uint8Array.of(0, 15, 255))).toBe('000fff');
});
