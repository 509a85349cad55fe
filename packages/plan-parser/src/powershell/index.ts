/** Reads `plan.ps1` without running it; brings a grammar in WebAssembly, so it is an entry of its own. @packageDocumentation */

import { Language, Parser } from 'web-tree-sitter';

import type { PlanReading, ReadPlanOptions } from '../plan-reading.ts';
import { PowerShellReading } from './reader.ts';

/** The two WebAssembly files that reading needs, as bytes. */
export interface PowerShellGrammar {
  /** `web-tree-sitter.wasm` of `web-tree-sitter`. */
  readonly engine: Uint8Array;
  /** `tree-sitter-powershell.wasm` of `tree-sitter-powershell`. */
  readonly grammar: Uint8Array;
}

/** Reads a `plan.ps1`: settings by their names in lower case, computed values with their reason. */
export type PowerShellReader = (text: string, options?: ReadPlanOptions) => PlanReading;

let engine: Promise<void> | undefined;

/**
 * Makes a reader; one is enough for any number of plans. Never throws for what a text holds.
 *
 * @throws the errors of WebAssembly for files that are not what they should be.
 */
export async function createPowerShellReader(files: PowerShellGrammar): Promise<PowerShellReader> {
  engine ??= Parser.init({ wasmBinary: files.engine });
  await engine;
  const parser = new Parser();
  parser.setLanguage(await Language.load(files.grammar));
  return (text, options = {}) => new PowerShellReading((source) => parser.parse(source), options).read(text);
}
