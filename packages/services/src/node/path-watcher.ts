import { type FSWatcher, watch } from 'node:fs';
import { dirname } from 'node:path';

/**
 * Tells when a file, or a folder's content, may have changed: created, replaced, written, removed. Folders on the way
 * need not exist: the deepest one that does is watched until the next one appears. The kernel tells; nothing polls.
 */
export class PathWatcher implements Disposable {
  readonly #path: string;
  readonly #onEvent: () => void;
  #watchers: FSWatcher[] = [];
  #closed = false;

  constructor(path: string, onEvent: () => void) {
    this.#path = path;
    this.#onEvent = onEvent;
    this.#arm();
  }

  [Symbol.dispose](): void {
    this.#closed = true;
    this.#disarm();
  }

  /** Watches the path itself, if it is a folder, and every folder above it up to the first one that can be watched. */
  #arm(): void {
    this.#disarm();
    for (let path = this.#path; ; path = dirname(path)) {
      const watcher = this.#tryWatch(path);
      if (watcher !== undefined) this.#watchers.push(watcher);
      if ((watcher !== undefined && path !== this.#path) || path === dirname(path)) return;
    }
  }

  #tryWatch(path: string): FSWatcher | undefined {
    try {
      const watcher = watch(path, () => this.#heard());
      watcher.on('error', () => this.#heard());
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
    this.#onEvent();
  }

  #disarm(): void {
    for (const watcher of this.#watchers) watcher.close();
    this.#watchers = [];
  }
}
