import type { Command } from 'commander';

import type { CommandContext } from '../context.ts';
import { registerExplain } from './plan-explain.ts';
import { registerInit } from './plan-init.ts';
import { registerLint } from './plan-lint.ts';
import { registerRead } from './plan-read.ts';
import { registerRender } from './plan-render.ts';

export function register(plan: Command, context: CommandContext): void {
  registerInit(plan, context);
  registerRead(plan, context);
  registerLint(plan, context);
  registerRender(plan, context);
  registerExplain(plan, context);
}
