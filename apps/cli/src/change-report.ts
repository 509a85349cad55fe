import {
  type ConfigTable,
  type ConfigValue,
  EMPTY_TABLE,
  formatTomlValue,
  isConfigArray,
  isConfigTable,
} from '@hab/templating';

import { formatDiff } from './format-diff.ts';

const listOf = (table: ConfigTable, key: string): readonly ConfigValue[] => {
  const value = table.get(key);
  return isConfigArray(value) ? value : [];
};
const tablesOf = (table: ConfigTable, key: string): readonly ConfigTable[] =>
  listOf(table, key).map((value) => (isConfigTable(value) ? value : EMPTY_TABLE));
const textOf = (table: ConfigTable, key: string): string => String(table.get(key) ?? '');

/** What the Supervisor noticed about a change. */
export const warningsOf = (document: ConfigTable): readonly string[] => listOf(document, 'warnings').map(String);

/** One line for each key: what it was and what it becomes. */
export function shortChange(document: ConfigTable): readonly string[] {
  return tablesOf(document, 'changes').map((change) => {
    const [before, after] = [change.get('before'), change.get('after')];
    const show = (value: ConfigValue | undefined): string => (value === undefined ? 'nothing' : formatTomlValue(value));
    return `${textOf(change, 'key')}: ${show(before)} -> ${show(after)}`;
  });
}

/** What a change would do, for people: keys, a difference for each file, hooks. */
export function formatChange(document: ConfigTable): string {
  const keys = shortChange(document).map((line) => `${line}\n`);
  return [...keys, ...tablesOf(document, 'services').map(formatService)].join('');
}

function formatService(service: ConfigTable): string {
  const group = textOf(service, 'service_group');
  const problem = service.get('problem');
  if (typeof problem === 'string') return `\n${group}: its files stay as they are: ${problem}\n`;
  const files = tablesOf(service, 'files');
  const hooks = listOf(service, 'hooks').map(String);
  const up = service.get('state') !== 'waiting';
  const diffs = files.map((file) =>
    formatDiff(`${group}/${textOf(file, 'name')}`, optional(file.get('before')), optional(file.get('after'))),
  );
  return `\n${diffs.join('')}${group}: ${summary(files.length, hooks, textOf(service, 'reaction'), up)}\n`;
}

const optional = (value: ConfigValue | undefined): string | undefined =>
  typeof value === 'string' ? value : undefined;

function summary(files: number, hooks: readonly string[], reaction: string, up: boolean): string {
  if (files === 0) return 'no file changes, no hook runs';
  const count = `${files} file${files === 1 ? '' : 's'}`;
  if (!up) return `${count} change when it starts`;
  const what = reaction === 'restart' ? 'the service restarts' : 'the service runs on';
  return `${count} change, ${what}; hooks: ${hooks.length === 0 ? 'none' : hooks.join(', ')}`;
}
