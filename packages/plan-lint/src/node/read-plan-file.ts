import { basename } from 'node:path';

import { readRegularFile } from '@hab/core/node';
import { readBashPlan } from '@hab/plan-parser';
import { loadPowerShellReader, readPlanNeighbour } from '@hab/plan-parser/node';

import { POWERSHELL_TARGET } from '../create-plan-sources.ts';
import type { PlanText } from '../plan-metadata.ts';

/** Longest plan or file of defaults, in bytes: twice what the readers take, so that they are the ones to say so. */
const MAX_PLAN_BYTES = 8_000_000;

/** A file as long as a plan may be. */
export const readPlanBytes = (path: string): Buffer<ArrayBuffer> =>
  Buffer.from(readRegularFile(path, { maxBytes: MAX_PLAN_BYTES }));

/** Reads a plan, and what it reads. The grammar of PowerShell is loaded for the first `plan.ps1`. */
export async function readPlanText(path: string): Promise<PlanText> {
  const text = readPlanBytes(path).toString();
  const given = { path, readFile: readPlanNeighbour };
  const reading = path.endsWith('.ps1')
    ? (await loadPowerShellReader())(text, { ...given, target: POWERSHELL_TARGET })
    : readBashPlan(text, given);
  return { file: basename(path), path, text, reading };
}
