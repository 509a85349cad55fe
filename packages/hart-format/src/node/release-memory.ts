/** Of the standard since ES2024, in Node since 21. */
interface Transferable {
  transfer(newByteLength: number): ArrayBuffer;
}

/**
 * Gives memory of the native coder back at once. The garbage collector does not know how large it is, and would let
 * hundreds of megabytes pile up. Nothing may look at the bytes afterwards.
 */
export function releaseMemory({ buffer }: Uint8Array): void {
  if (buffer.byteLength > 0 && 'transfer' in buffer) (buffer as unknown as Transferable).transfer(0);
}
