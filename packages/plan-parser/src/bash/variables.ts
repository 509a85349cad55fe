import { type ShellValue, sameValue, scalar, Unknown } from './value.ts';

/** A variable: its value, and where the plan gave it. */
export interface Variable {
  /** Undefined: declared, but unset. */
  readonly value: ShellValue | undefined;
  readonly kind: 'scalar' | 'indexed' | 'associative';
  readonly readonly: boolean;
  readonly integer: boolean;
  /** Where the plan last assigned it; undefined for what the build program sets. */
  readonly assigned: { readonly file: string; readonly pos: number; readonly end: number } | undefined;
}

/** The variables of one bash process: global ones, and those of each function that is running. */
export class Variables {
  readonly #scopes: Map<string, Variable>[];

  constructor(scopes: readonly ReadonlyMap<string, Variable>[] = [new Map()]) {
    this.#scopes = scopes.map((scope) => new Map(scope));
  }

  clone(): Variables {
    return new Variables(this.#scopes);
  }

  get size(): number {
    return this.#scopes.reduce((sum, scope) => sum + scope.size, 0);
  }

  enter(): void {
    this.#scopes.push(new Map());
  }

  leave(): void {
    if (this.#scopes.length > 1) this.#scopes.pop();
  }

  get(name: string): Variable | undefined {
    return this.#scopeOf(name)?.get(name);
  }

  /** Sets the innermost variable of that name, or a global one. */
  set(name: string, variable: Variable): void {
    (this.#scopeOf(name) ?? this.#scopes[0])?.set(name, variable);
  }

  /** Sets it in the function that is running; global outside of one. */
  setLocal(name: string, variable: Variable): void {
    this.#scopes.at(-1)?.set(name, variable);
  }

  setGlobal(name: string, variable: Variable): void {
    this.#scopes[0]?.set(name, variable);
  }

  unset(name: string): void {
    this.#scopeOf(name)?.delete(name);
  }

  /** Global variables. */
  entries(): Iterable<[string, Variable]> {
    return (this.#scopes[0] ?? new Map<string, Variable>()).entries();
  }

  names(): Set<string> {
    return new Set(this.#scopes.flatMap((scope) => [...scope.keys()]));
  }

  /** Takes what is the same in both; what differs is unknown from here on. */
  merge(other: Variables, reason: string): void {
    for (const [i, scope] of this.#scopes.entries()) {
      const theirs = other.#scopes[i] ?? new Map<string, Variable>();
      for (const name of new Set([...scope.keys(), ...theirs.keys()])) {
        const [mine, their] = [scope.get(name), theirs.get(name)];
        if (mine !== undefined && their !== undefined && sameVariable(mine, their)) continue;
        scope.set(name, doubtful(mine ?? their, mine?.assigned ?? their?.assigned, reason));
      }
    }
  }

  /** Nothing is known of any variable but read-only ones. @param place - What made it so. */
  forget(reason: string, place: Variable['assigned']): void {
    for (const scope of this.#scopes) {
      for (const [name, variable] of scope) {
        if (!variable.readonly) scope.set(name, doubtful(variable, variable.assigned ?? place, reason));
      }
    }
  }

  #scopeOf(name: string): Map<string, Variable> | undefined {
    return this.#scopes.findLast((scope) => scope.has(name));
  }
}

const sameVariable = (a: Variable, b: Variable): boolean => a.kind === b.kind && sameValue(a.value, b.value);

function doubtful(variable: Variable | undefined, assigned: Variable['assigned'], reason: string): Variable {
  const unknown = new Unknown(reason);
  const kind = variable?.kind ?? 'scalar';
  const value: ShellValue =
    kind === 'scalar' ? scalar(unknown) : { type: 'array-unknown', associative: kind === 'associative', unknown };
  return { value, kind, readonly: variable?.readonly ?? false, integer: variable?.integer ?? false, assigned };
}
