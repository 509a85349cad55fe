import * as z from 'zod';

import { toPlainValue } from '../plain.ts';
import type { ConfigTable } from '../values.ts';
import { installContext, mockData, serviceContext } from './context-schema.ts';

/** Which context a schema is about. `mock`: data that is laid over another context, so that anything may be missing. */
export type ContextKind = 'service' | 'install' | 'mock';

/** A JSON Schema document (2020-12). */
export interface JsonSchema {
  readonly [keyword: string]: unknown;
}

/** Where a context is not what templates rely on. */
export interface ContextProblem {
  /** Keys and indexes from the root. */
  readonly path: readonly (string | number)[];
  readonly message: string;
}

const SCHEMAS = { service: serviceContext, install: installContext, mock: mockData } as const;

/** The schema of a context as JSON Schema: for editors, for tools in other languages, for mock data. */
export function contextJsonSchema(kind: ContextKind = 'service'): JsonSchema {
  return z.toJSONSchema(SCHEMAS[kind], { target: 'draft-2020-12' });
}

/**
 * Compares a context with its schema: fields that are missing, of another type, or unknown.
 *
 * @returns Problems in the order of the schema; none for a context that `renderContext` made.
 */
export function checkContext(context: ConfigTable, kind: ContextKind = 'service'): readonly ContextProblem[] {
  const result = SCHEMAS[kind].safeParse(toPlainValue(context));
  if (result.success) return [];
  return result.error.issues.map(({ path, message }) => ({
    path: path.map((step) => (typeof step === 'symbol' ? String(step) : step)),
    message,
  }));
}
