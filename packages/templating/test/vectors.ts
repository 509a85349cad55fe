import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';

const folder = new URL('../../../vectors/templating/', import.meta.url);

export function readVectorText(name: string): string {
  return readFileSync(new URL(name, folder), 'utf8');
}

const tables: Readonly<Record<string, { readonly cases: readonly object[] }>> = JSON.parse(
  readVectorText('cases.json'),
).tables;

/** The rows of one of the tables of `cases.json`. */
export function tableCases(name: string): readonly object[] {
  return tables[name]?.cases ?? [];
}

export const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
