/** Plans of this machine. @packageDocumentation */

import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

import { readRegularFile } from '@hab/core/node';

import { readBashPlan } from '../bash/read-plan.ts';
import type { PlanReading, ReadPlanOptions } from '../plan-reading.ts';
import type { PowerShellReader } from '../powershell/index.ts';

let powerShell: Promise<PowerShellReader> | undefined;

/** The reader of `plan.ps1`, with its grammar from this package's dependencies; loaded once, when first asked for. */
export function loadPowerShellReader(): Promise<PowerShellReader> {
  powerShell ??= load();
  return powerShell;
}

async function load(): Promise<PowerShellReader> {
  const { createPowerShellReader } = await import('../powershell/index.ts');
  return await createPowerShellReader({
    engine: readGrammar('web-tree-sitter', 'web-tree-sitter.wasm'),
    grammar: readGrammar('tree-sitter-powershell', 'tree-sitter-powershell.wasm'),
  });
}

/** Beside this file in what is published or bundled; in its package where this file is a source. */
function readGrammar(name: string, file: string): Uint8Array {
  const beside = new URL(file, import.meta.url);
  if (existsSync(beside)) return readFileSync(beside);
  return readFileSync(join(import.meta.dirname, '../../node_modules', name, file));
}

/**
 * Reads a plan of this machine, and the files that it reads.
 *
 * @param path - `plan.sh` or `plan.ps1`.
 * @throws The system error when the plan itself cannot be read.
 */
export async function readPlanFile(
  path: string,
  options: Omit<ReadPlanOptions, 'path' | 'readFile'> = {},
): Promise<PlanReading> {
  // The build program enters the plan's directory: its path is the one without links.
  const full = join(realpathSync(dirname(path)), basename(path));
  const given = { ...options, path: full, readFile: readPlanNeighbour };
  const text = readText(full);
  return full.endsWith('.ps1') ? (await loadPowerShellReader())(text, given) : readBashPlan(text, given);
}

/**
 * Text of a file that a plan reads, for `readFile` of the readers. A plan may name anything: devices, pipes and files
 * too large for a plan are not read.
 *
 * @returns undefined for whatever is no such file; what bash cannot read changes nothing either.
 */
export function readPlanNeighbour(path: string): string | undefined {
  try {
    return readText(path);
  } catch {
    return undefined;
  }
}

/** Twice what the readers take, so that they are the ones to say that a text is too long. */
const MAX_BYTES = 8_000_000;

const readText = (path: string): string => Buffer.from(readRegularFile(path, { maxBytes: MAX_BYTES })).toString();
