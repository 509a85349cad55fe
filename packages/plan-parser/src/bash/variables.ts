import { type ShellValue, sameValue, scalar, Unknown } from './value.ts';

/** A variable: its value, and where the plan gave it. */
export interface Variable {
  /** Undefined: declared, but unset. */
  readonly value: ShellValue | undefined;
  /** `reference`: another name for the variable that its text names (`declare -n`). */
  readonly kind: 'scalar' | 'indexed' | 'associative' | 'reference';
  readonly readonly: boolean;
  readonly integer: boolean;
  /** Which letters it turns what is assigned into (`declare -u`, `-l`). */
  readonly letters?: 'upper' | 'lower' | undefined;
  /** Where the plan last assigned it; undefined for what the build program sets. */
  readonly assigned: { readonly file: string; readonly pos: number; readonly end: number } | undefined;
}

const MAX_REFERENCES = 8;

/** The variables of one bash process: global ones, and those of each function that is running. */
export class Variables {
  /** The global one first. Copies share scopes until one of them writes: branches and subshells hardly write any. */
  readonly #scopes: Map<string, Variable>[];
  /** Whether nobody else holds the scope of that place. */
  #owned: boolean[];
  /** Names that are not there may have been set by something that is not known. */
  #unsettled: string | undefined;
  /** Whether what is assigned from here on is assigned at all. */
  #doubt: string | undefined;
  /** The same up to the end of the line: an error would leave it. */
  lineDoubt: string | undefined;

  constructor(scopes: readonly Map<string, Variable>[] = [new Map()]) {
    this.#scopes = [...scopes];
    this.#owned = scopes.map(() => false);
  }

  clone(): Variables {
    this.#owned = this.#scopes.map(() => false);
    const copy = new Variables(this.#scopes);
    copy.#unsettled = this.#unsettled;
    copy.#doubt = this.#doubt;
    copy.lineDoubt = this.lineDoubt;
    return copy;
  }

  get size(): number {
    return this.#scopes.reduce((sum, scope) => sum + scope.size, 0);
  }

  enter(): void {
    this.#scopes.push(new Map());
    this.#owned.push(true);
  }

  leave(): void {
    if (this.#scopes.length === 1) return;
    this.#scopes.pop();
    this.#owned.pop();
  }

  get(given: string): Variable | undefined {
    const name = this.#target(given);
    if (name instanceof Unknown) return doubtful(undefined, undefined, name.reason);
    const found = this.#find(name);
    return found ?? (this.#unsettled === undefined ? undefined : doubtful(undefined, undefined, this.#unsettled));
  }

  /** The variable of that name in the function that is running. */
  getLocal(name: string): Variable | undefined {
    return this.#scopes.at(-1)?.get(name);
  }

  /** Whether a name stands for another variable. */
  isReference(name: string): boolean {
    return this.#find(name)?.kind === 'reference';
  }

  /** Sets the innermost variable of that name, or a global one. */
  set(given: string, variable: Variable): void {
    const name = this.#target(given);
    if (name instanceof Unknown) this.forget(name.reason, variable.assigned);
    else this.#put(Math.max(0, this.#scopeOf(name)), name, variable);
  }

  /** Sets it in the function that is running; global outside of one. */
  setLocal(name: string, variable: Variable): void {
    this.#put(this.#scopes.length - 1, name, variable);
  }

  setGlobal(name: string, variable: Variable): void {
    this.#put(0, name, variable);
  }

  #put(at: number, name: string, variable: Variable): void {
    const scope = this.#own(at);
    const doubt = this.#doubt ?? this.lineDoubt;
    if (doubt !== undefined && !sameAttributes(scope.get(name), variable)) this.doubtFromHere(doubt);
    scope.set(name, doubt === undefined ? variable : doubtful(variable, variable.assigned, doubt));
  }

  unset(given: string): void {
    const name = this.#target(given);
    if (name instanceof Unknown) this.forget(name.reason, undefined);
    else this.#remove(name);
  }

  /** Ends a reference; what it stands for stays. */
  unsetReference(name: string): void {
    this.#remove(name);
  }

  #remove(name: string): void {
    const at = this.#scopeOf(name);
    const before = this.#scopes[at]?.get(name);
    if (before === undefined) return;
    const scope = this.#own(at);
    const isOfFunction = at > 0 && at === this.#scopes.length - 1;
    // What a function has as its own stays its own, without a value.
    const doubt = this.#doubt ?? this.lineDoubt;
    if (doubt !== undefined) scope.set(name, doubtful(before, before.assigned, doubt));
    else if (isOfFunction)
      scope.set(name, { value: undefined, kind: 'scalar', readonly: false, integer: false, assigned: undefined });
    else scope.delete(name);
  }

  /** Global variables. */
  entries(): Iterable<[string, Variable]> {
    return (this.#scopes[0] ?? new Map<string, Variable>()).entries();
  }

  /** Takes what is the same in both; what differs is unknown from here on. @returns whether anything was not the same. */
  merge(other: Variables, reason: string): boolean {
    let changed = other.#doubt !== this.#doubt;
    for (const [i, before] of this.#scopes.entries()) {
      const theirs = other.#scopes[i] ?? new Map<string, Variable>();
      if (theirs === before) continue;
      const scope = this.#own(i);
      for (const name of new Set([...scope.keys(), ...theirs.keys()])) {
        const [mine, their] = [scope.get(name), theirs.get(name)];
        if (mine !== undefined && their !== undefined && sameVariable(mine, their)) continue;
        const isList = mine?.kind === 'scalar' && (their?.kind === 'indexed' || their?.kind === 'associative');
        scope.set(name, doubtful(isList ? their : (mine ?? their), mine?.assigned ?? their?.assigned, reason));
        // Later assignments may mean something else, or be refused.
        if (!sameAttributes(mine, their)) this.doubtFromHere(reason);
        changed = true;
      }
    }
    this.#unsettled ??= other.#unsettled;
    this.#doubt ??= other.#doubt;
    this.lineDoubt ??= other.lineDoubt;
    return changed;
  }

  /**
   * Nothing is known of any variable but read-only ones.
   *
   * @param place - What made it so.
   * @param names - Undefined: all of them.
   */
  forget(reason: string, place: Variable['assigned'], names?: ReadonlySet<string>): void {
    this.#unsettled ??= reason;
    const all = names === undefined || this.#hasReferences();
    for (const i of this.#scopes.keys()) {
      const scope = this.#own(i);
      for (const [name, variable] of scope) {
        if (variable.readonly || (!all && !names.has(name))) continue;
        scope.set(name, doubtful(variable, variable.assigned ?? place, reason));
      }
    }
  }

  /** Nothing is known of one global variable. */
  forgetOne(name: string, reason: string, place: Variable['assigned']): void {
    const before = this.#scopes[0]?.get(name);
    if (before?.readonly !== true) this.#own(0).set(name, doubtful(before, place, reason));
  }

  #hasReferences(): boolean {
    return this.#scopes.some((scope) => [...scope.values()].some(({ kind }) => kind === 'reference'));
  }

  /** Whatever is assigned after this may not be assigned at all. */
  doubtFromHere(reason: string): void {
    this.#doubt ??= reason;
    this.#unsettled ??= reason;
  }

  /** Place of the innermost scope that has the name; -1: none has. */
  #scopeOf(name: string): number {
    return this.#scopes.findLastIndex((scope) => scope.has(name));
  }

  #find(name: string): Variable | undefined {
    return this.#scopes[this.#scopeOf(name)]?.get(name);
  }

  /** The scope of that place, to write to. */
  #own(at: number): Map<string, Variable> {
    const scope = this.#scopes[at] ?? new Map<string, Variable>();
    if (this.#owned[at] === true) return scope;
    this.#owned[at] = true;
    const copy = new Map(scope);
    this.#scopes[at] = copy;
    return copy;
  }

  /** The name that a reference stands for in the end. */
  #target(given: string): string | Unknown {
    let name = given;
    for (let i = 0; i < MAX_REFERENCES; i++) {
      const variable = this.#find(name);
      if (variable?.kind !== 'reference') return name;
      const text = variable.value?.type === 'scalar' ? variable.value.text : undefined;
      if (typeof text !== 'string' || !/^[A-Za-z_]\w*$/.test(text)) return new Unknown(`what ${given} stands for`);
      name = text;
    }
    return new Unknown(`what ${given} stands for`);
  }
}

const sameAttributes = (a: Variable | undefined, b: Variable | undefined): boolean =>
  (a?.integer ?? false) === (b?.integer ?? false) &&
  (a?.readonly ?? false) === (b?.readonly ?? false) &&
  a?.letters === b?.letters &&
  (a?.kind === 'reference') === (b?.kind === 'reference');

const sameVariable = (a: Variable, b: Variable): boolean =>
  a.kind === b.kind &&
  a.integer === b.integer &&
  a.readonly === b.readonly &&
  a.letters === b.letters &&
  sameValue(a.value, b.value);

function doubtful(variable: Variable | undefined, assigned: Variable['assigned'], reason: string): Variable {
  const unknown = new Unknown(reason);
  const kind = variable?.kind ?? 'scalar';
  const value: ShellValue =
    kind === 'indexed' || kind === 'associative'
      ? { type: 'array-unknown', associative: kind === 'associative', unknown }
      : scalar(unknown);
  const { readonly = false, integer = false, letters } = variable ?? {};
  return { value, kind, readonly, integer, letters, assigned };
}
