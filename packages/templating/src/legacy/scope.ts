import type { ConfigTable, ConfigValue } from '../values.ts';
import type { LegacyRun } from './engine.ts';

/** What a block of the legacy engines sees. A block changes a copy, so that leaving it is forgetting the copy. */
export class LegacyScope {
  data: ConfigTable;
  path = '.';
  /** Path texts from which `../` starts, innermost first. */
  roots: readonly string[] = [];
  /** `@index` and so on; those of an outer loop as `@../index`. */
  locals: ReadonlyMap<string, ConfigValue> = new Map();
  /** Block parameters, innermost first. */
  parameters: readonly ConfigTable[] = [];
  partials: ReadonlyMap<string, LegacyRun> = new Map();

  constructor(data: ConfigTable) {
    this.data = data;
  }

  derive(): LegacyScope {
    return Object.assign(new LegacyScope(this.data), this);
  }

  /** What was `@x` becomes `@../x`. */
  promoteLocals(): void {
    this.locals = new Map([...this.locals].map(([name, value]) => [`@../${name.slice(1)}`, value]));
  }

  /** What was `@../x` becomes `@x` again; the rest goes. */
  demoteLocals(): void {
    const outer = [...this.locals].filter(([name]) => name.startsWith('@../'));
    this.locals = new Map(outer.map(([name, value]) => [`@${name.slice(4)}`, value]));
  }

  setLocals(locals: Readonly<Record<string, ConfigValue>>): void {
    this.locals = new Map([...this.locals, ...Object.entries(locals)]);
  }

  pushRoot(root: string | undefined): void {
    if (root !== undefined) this.roots = [root, ...this.roots];
  }

  pushParameters(parameters: Iterable<readonly [string, ConfigValue]>): void {
    this.parameters = [new Map(parameters), ...this.parameters];
  }
}
