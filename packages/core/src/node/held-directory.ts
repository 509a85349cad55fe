import { constants, existsSync, type PathLike } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';

const OWN_DIRECTORY_MODE = 0o700;

/**
 * A directory held open: whatever its path leads to meanwhile, its own entries are reached. For directories that others
 * may change, where a path that was looked at leads elsewhere a moment later.
 */
export class HeldDirectory implements AsyncDisposable {
  readonly #handle: FileHandle;
  readonly #prefix: string;

  private constructor(handle: FileHandle, prefix: string) {
    this.#handle = handle;
    this.#prefix = prefix;
  }

  /**
   * @param place - Where it is found; its last part must be no link.
   * @param path - Where it is on machines that do not show an open directory as a path. @defaultValue `place`
   * @throws The system error: `ELOOP` or `ENOTDIR` for a link and for what is no directory.
   */
  static async open(place: PathLike, path: string = String(place)): Promise<HeldDirectory> {
    const handle = await open(place, constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW);
    // Linux shows an open directory as a path; elsewhere the path itself has to do.
    const held = `/proc/self/fd/${handle.fd}`;
    return new HeldDirectory(handle, existsSync(`${held}/.`) ? held : path);
  }

  /** Path of an entry, valid while this is open. */
  child(name: string): string {
    return `${this.#prefix}/${name}`;
  }

  /** The directory itself as a path, valid while this is open. */
  get path(): string {
    return `${this.#prefix}/.`;
  }

  /** Lets its owner list and change it, as far as we may arrange that. */
  async openUp(): Promise<void> {
    const { mode } = await this.#handle.stat();
    if ((mode & OWN_DIRECTORY_MODE) !== OWN_DIRECTORY_MODE) {
      await this.#handle.chmod(OWN_DIRECTORY_MODE).catch(() => undefined);
    }
  }

  /** Makes renames durable. File systems that cannot are no error. */
  async sync(): Promise<void> {
    await this.#handle.sync().catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EINVAL') throw error;
    });
  }

  async close(): Promise<void> {
    await this.#handle.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}
