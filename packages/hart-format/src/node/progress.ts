/** How far packing, unpacking, hashing or signing has come. */
export interface HartProgress {
  readonly type: 'hart:hashed' | 'hart:unpacked' | 'hart:packed' | 'hart:signed';
  /** Bytes handled so far: of the file, or of the tar when packing. */
  readonly bytes: number;
}

/** Option of everything that takes long. Called synchronously; cannot change the result. */
export interface ProgressOptions {
  readonly onProgress?: ((event: HartProgress) => void) | undefined;
}
