import type { KeyCache } from './cache.ts';
import { createKeyCache } from './key-files.ts';

/**
 * A key cache that lives as long as the process: tests, browsers, keys that must not touch a disk.
 *
 * @param contents - Key files by name, kept in use. @defaultValue empty
 */
export function memoryKeyCache(contents: Map<string, Uint8Array> = new Map()): KeyCache {
  return createKeyCache({
    names: async () => [...contents.keys()],
    read: async (fileName) => contents.get(fileName),
    async addAll(files) {
      if (files.some((file) => contents.has(file.fileName))) return false;
      for (const file of files) contents.set(file.fileName, file.content);
      return true;
    },
    locate: (fileName) => `memory:${fileName}`,
  });
}
