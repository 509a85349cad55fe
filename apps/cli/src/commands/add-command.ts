import type { Command } from 'commander';

/** Adds one command of `hab pkg`, with its short forms. */
export type AddCommand = (word: string, summary: string) => Command;
