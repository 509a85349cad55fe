import { accessSync, constants, type FSWatcher, watch } from 'node:fs';
import { basename, dirname } from 'node:path';

/**
 * Tells when a file, or a folder's content, may have changed: created, replaced, written, removed. Folders on the way
 * need not exist: the deepest one that does is watched until the next one appears. The kernel tells; nothing polls.
 *
 * Calls never overlap: what happens during one is told by one more, however much it was.
 */
export class PathWatcher implements Disposable {
  readonly #path: string;
  readonly #onEvent: () => void | Promise<void>;
  #watchers: FSWatcher[] = [];
  #closed = false;
  #telling: 'no' | 'yes' | 'again' = 'no';

  /** @param onEvent - Must not throw or reject. */
  constructor(path: string, onEvent: () => void | Promise<void>) {
    this.#path = path;
    this.#onEvent = onEvent;
    this.#arm();
  }

  [Symbol.dispose](): void {
    this.#closed = true;
    this.#disarm();
  }

  /** Calls as if something had changed: for what changed before this watched. */
  check(): void {
    if (this.#telling === 'no') void this.#tell();
    else this.#telling = 'again';
  }

  async #tell(): Promise<void> {
    do {
      this.#telling = 'yes';
      await this.#onEvent();
    } while (this.#telling === ('again' as string) && !this.#closed);
    this.#telling = 'no';
  }

  /** Watches the path itself, if it is there, and every folder above it up to the first one that can be watched. */
  #arm(): void {
    // What came while this looked from below is not told by the folder above, which was not watched yet: look again.
    for (let missed = true; missed; ) {
      this.#disarm();
      // The path below the folder in question; undefined below the path itself, where every name counts.
      let child: string | undefined;
      missed = false;
      for (let path = this.#path; ; path = dirname(path)) {
        const watcher = this.#tryWatch(path, child === undefined ? undefined : basename(child));
        if (watcher !== undefined) this.#watchers.push(watcher);
        if ((watcher !== undefined && path !== this.#path) || path === dirname(path)) {
          missed = watcher !== undefined && this.#watchers.length === 1 && child !== undefined && isReadable(child);
          break;
        }
        child = path;
      }
    }
  }

  #tryWatch(path: string, child: string | undefined): FSWatcher | undefined {
    // The folder's own end comes under its own name. Neighbours are none of our business: one of them may be the very
    // log that the caller writes to when told.
    const names = child === undefined ? undefined : new Set([child, basename(path)]);
    const heard = (name?: string | null): void => {
      if (name == null || names?.has(name) !== false) this.#heard();
    };
    try {
      const watcher = watch(path, (_event, name) => heard(name));
      watcher.on('error', () => heard());
      return watcher;
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'ENOENT' || code === 'ENOTDIR' || code === 'EACCES') return undefined;
      throw error;
    }
  }

  #heard(): void {
    if (this.#closed) return;
    // A folder on the way may be new or gone: look again before telling.
    this.#arm();
    this.check();
  }

  #disarm(): void {
    for (const watcher of this.#watchers) watcher.close();
    this.#watchers = [];
  }
}

/** Whether a watch would find something: what may not be read cannot be watched either. */
function isReadable(path: string): boolean {
  try {
    accessSync(path, constants.R_OK);
    return true;
  } catch {
    return false;
  }
}
