import { setFlagsFromString } from 'node:v8';

import type { Command } from 'commander';

import type { CommandContext } from '../context.ts';
import { registerExplain } from './plan-explain.ts';
import { registerInit } from './plan-init.ts';
import { registerLint } from './plan-lint.ts';
import { registerRead } from './plan-read.ts';
import { registerRender } from './plan-render.ts';

/**
 * The grammar of PowerShell is WebAssembly. What of it is used often would be compiled a second time, for long runs, and a
 * process that ends waits for that: ten times as long as reading plans takes.
 */
const FOR_SHORT_RUNS = ['--no-wasm-tier-up', '--no-wasm-dynamic-tiering'] as const;

export function register(plan: Command, context: CommandContext): void {
  for (const flag of FOR_SHORT_RUNS) setFlagsFromString(flag);
  registerInit(plan, context);
  registerRead(plan, context);
  registerLint(plan, context);
  registerRender(plan, context);
  registerExplain(plan, context);
}
