import type { Command } from 'commander';
import type { CommandContext } from '../context.ts';
export function register(_pkg: Command, _context: CommandContext): void {}
