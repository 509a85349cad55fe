import type { Command } from 'commander';

import { aliasesOf } from '../abbreviations.ts';
import type { CommandContext } from '../context.ts';
import type { AddCommand } from './add-command.ts';
import { registerArtifactCommands } from './pkg-artifact.ts';
import { registerBuildCommand } from './pkg-build.ts';
import { registerInstallCommands } from './pkg-install.ts';
import { registerQueryCommands } from './pkg-query.ts';
import { registerWrapHostCommand } from './pkg-wrap-host.ts';
import { registerRenderCommand } from './render-package.ts';

export function register(pkg: Command, context: CommandContext): void {
  const add: AddCommand = (word, summary) => pkg.command(word).aliases(aliasesOf('pkg', word)).description(summary);
  registerBuildCommand(add, context);
  registerInstallCommands(add, context);
  registerQueryCommands(add, context);
  registerArtifactCommands(add, context);
  registerRenderCommand(add, context);
  registerWrapHostCommand(add, context);
}
