/** The only source of randomness. */
export interface RandomSource {
  /** `count` unpredictable bytes, a fresh array. */
  bytes(count: number): Uint8Array<ArrayBuffer>;
}
