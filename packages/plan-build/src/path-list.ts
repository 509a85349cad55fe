/** Items of a separated list, each once, in order of first appearance; empty ones are dropped. */
export function dedupePathList(list: string, separator = ':'): string {
  return [...new Set(list.split(separator))].filter((item) => item !== '').join(separator);
}

/** Puts an item, itself perhaps a list, in front of a list. */
export function pushToPathList(item: string, list: string, separator = ':'): string {
  return dedupePathList(list === '' ? item : item + separator + list, separator);
}
