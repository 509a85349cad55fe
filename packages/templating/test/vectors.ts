import { readFileSync } from 'node:fs';

/** A case of `vectors/templating/*.json`; the format is described in the README there. */
export interface TemplateCase {
  readonly name: string;
  readonly template: string;
  readonly templateName?: string;
  /** JSON text: numbers would lose their type in a JavaScript object. */
  readonly context: string;
  readonly layers?: readonly string[];
  readonly partials?: Readonly<Record<string, string>>;
  readonly dialect?: 'documented' | '2.1' | 'legacy';
  readonly expected?: string;
  readonly expectedSha256?: string;
  readonly error?: 'compile' | 'render';
  readonly legacy?: { readonly expected?: string; readonly error?: 'compile' | 'render' };
}

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
