import type { Node, Tree } from 'web-tree-sitter';
import { normalizePath, parentOf } from '../paths.ts';
import type {
  HelperCall,
  PlanFunction,
  PlanProblem,
  PlanReading,
  PlanSetting,
  ReadPlanOptions,
  SourceSpan,
} from '../plan-reading.ts';
import { POWERSHELL_CALLBACKS, POWERSHELL_HELPERS } from '../vocabulary.ts';
import { Computed, evaluate, type PowerShellValue } from './evaluate.ts';
import { parts } from './syntax.ts';

const MAX_LENGTH = 4_000_000;
const MAX_FILES = 20;
const MAX_DEPTH = 400;

interface Assigned {
  readonly value: PowerShellValue;
  readonly span: SourceSpan;
}

/** Reads `plan.ps1`. Stateless between plans. @see spec/cli 11.5 */
export class PowerShellReading {
  readonly #parse: (text: string) => Tree | null;
  readonly #options: ReadPlanOptions;
  readonly #directory: string;
  readonly #variables = new Map<string, Assigned>();
  readonly #functions = new Map<string, PlanFunction>();
  readonly #helpers: HelperCall[] = [];
  readonly #problems: PlanProblem[] = [];
  #files = 0;

  constructor(parse: (text: string) => Tree | null, options: ReadPlanOptions) {
    this.#parse = parse;
    this.#options = options;
    this.#directory = parentOf(options.path ?? '/src/plan.ps1');
  }

  read(text: string): PlanReading {
    this.#file(this.#options.path ?? '/src/plan.ps1', text);
    const settings = new Map<string, PlanSetting>();
    for (const [name, { value, span }] of this.#variables) {
      if (!name.startsWith('pkg_')) continue;
      if (value instanceof Computed) settings.set(name, { name, value: undefined, reason: value.reason, span });
      else if (sizeOf(value) > 0) settings.set(name, { name, value, reason: undefined, span });
    }
    return {
      settings,
      functions: this.#functions,
      callbacks: [...this.#functions.values()]
        .map(({ name }) => name)
        .filter((name) => POWERSHELL_CALLBACKS.has(name.toLowerCase()))
        .sort(),
      helpers: this.#helpers,
      problems: this.#problems,
    };
  }

  #file(file: string, text: string): void {
    this.#files += 1;
    if (text.length > MAX_LENGTH || this.#files > MAX_FILES) {
      const message =
        text.length > MAX_LENGTH
          ? `A plan of ${text.length} characters; ${MAX_LENGTH} are the most that is read`
          : 'Files that read each other without end';
      const code = text.length > MAX_LENGTH ? 'PLAN_TOO_LARGE' : 'PLAN_SOURCE_LOOP';
      this.#problems.push({ code, message, span: { file, start: 0, end: text.length } });
      return;
    }
    const zero = text.indexOf('\0');
    if (zero >= 0)
      this.#problems.push({ code: 'PLAN_BINARY', message: 'A zero byte', span: { file, start: zero, end: zero + 1 } });
    const tree = this.#parse(text.replace(/^\ufeff/, ' '));
    if (tree === null) return;
    try {
      this.#statements(file, tree.rootNode);
      if (this.#problems.some(({ code, span }) => code === 'PLAN_SYNTAX' && span.file === file))
        this.#findLost(file, text);
      this.#calls(file, tree.rootNode, 0);
    } finally {
      tree.delete();
    }
  }

  #statements(file: string, node: Node): void {
    for (const statement of parts(node)) {
      switch (statement.type) {
        case 'statement_list':
          this.#statements(file, statement);
          break;
        case 'assignment_expression':
          this.#assign(file, statement);
          break;
        case 'function_statement':
          this.#define(file, statement);
          break;
        case 'command':
          this.#dotSource(file, statement);
          break;
        case 'ERROR':
          this.#problems.push({
            code: 'PLAN_SYNTAX',
            message: `${quote(statement.text)} is not understood: an end may be missing before it, or this reader knows too little PowerShell`,
            span: { file, start: statement.startIndex, end: statement.endIndex },
          });
          this.#statements(file, statement);
          break;
        default:
          this.#doubt(file, statement, `a ${statement.type.replaceAll('_', ' ')}`, 0);
      }
    }
  }

  #assign(file: string, node: Node): void {
    const [target, operator, value] = [...parts(node)];
    const left = target?.type === 'cast_expression' ? parts(target).at(-1) : target;
    if (left === undefined || (left.type !== 'variable' && left.type !== 'braced_variable')) return;
    const name = left.text
      .replace(/^\$\{?/, '')
      .replace(/\}$/, '')
      .replace(/^(?:script|global):/i, '')
      .toLowerCase();
    const span = { file, start: node.startIndex, end: node.endIndex };
    const given =
      value === undefined ? new Computed('an assignment') : evaluate(value, (wanted) => this.#lookup(wanted, file));
    const sum =
      operator?.text === '='
        ? given
        : operator?.text === '+='
          ? added(this.#variables.get(name)?.value, given)
          : new Computed('arithmetic');
    this.#variables.set(name, { value: sum, span });
  }

  #lookup(name: string, file: string): PowerShellValue | undefined {
    if (name === 'psscriptroot') return parentOf(file);
    if (name === 'true' || name === 'false' || name === 'null') return new Computed(`$${name}`);
    return this.#variables.get(name)?.value;
  }

  #define(file: string, node: Node): void {
    const name = parts(node).find(({ type }) => type === 'function_name')?.text;
    if (name === undefined) return;
    this.#functions.set(name.toLowerCase(), { name, span: { file, start: node.startIndex, end: node.endIndex } });
  }

  /** Functions whose first lines lie in what is not understood. */
  #findLost(file: string, text: string): void {
    for (const match of text.matchAll(/^[ \t]*function[ \t]+([\w-]{1,100})/gim)) {
      const [whole, name = ''] = match;
      if (this.#functions.has(name.toLowerCase())) continue;
      this.#functions.set(name.toLowerCase(), {
        name,
        span: { file, start: match.index, end: match.index + whole.length },
      });
    }
  }

  /** `. ../other/plan.ps1` */
  #dotSource(file: string, node: Node): void {
    const [operator, target] = parts(node);
    if (operator?.type !== 'command_invokation_operator' || operator.text !== '.' || target === undefined) return;
    const named =
      target.type === 'command_name' || target.type === 'generic_token'
        ? target.text
        : evaluate(target, (name) => this.#lookup(name, file));
    if (typeof named !== 'string') {
      this.#forget('a file that is not known');
      return;
    }
    const path = named.replaceAll('\\', '/');
    if (this.#options.readFile === undefined) {
      this.#forget(`${named}, which is read here and was not given`);
      return;
    }
    const full = normalizePath(/^(?:\/|[A-Za-z]:)/.test(path) ? path : `${this.#directory}/${path}`);
    const text = this.#options.readFile(full);
    if (text !== undefined) this.#file(full, text);
  }

  #forget(reason: string): void {
    for (const [name, { span }] of this.#variables) this.#variables.set(name, { value: new Computed(reason), span });
  }

  /** What stands inside a condition, a loop or a block may or may not happen. */
  #doubt(file: string, node: Node, reason: string, depth: number): void {
    if (depth > MAX_DEPTH) return;
    if (node.type === 'function_statement') {
      this.#define(file, node);
      return;
    }
    if (node.type === 'assignment_expression') {
      this.#assign(file, node);
      const name = parts(node)[0]?.text.replace(/^\$/, '').toLowerCase() ?? '';
      const assigned = this.#variables.get(name);
      if (assigned !== undefined) this.#variables.set(name, { value: new Computed(reason), span: assigned.span });
      return;
    }
    for (const child of parts(node)) this.#doubt(file, child, reason, depth + 1);
  }

  #calls(file: string, node: Node, depth: number): void {
    if (depth > MAX_DEPTH) return;
    if (node.type === 'command') {
      const [name, ...words] = parts(node);
      if (name !== undefined && POWERSHELL_HELPERS.has(name.text.toLowerCase())) {
        const elements = words.flatMap((word) => (word.type === 'command_elements' ? parts(word) : [word]));
        this.#helpers.push({
          name: name.text,
          words: elements.map(({ text }) => text).filter((text) => text.trim() !== ''),
          span: { file, start: node.startIndex, end: node.endIndex },
        });
      }
    }
    for (const child of node.namedChildren) if (child != null) this.#calls(file, child, depth + 1);
  }
}

/** The first words of a place. */
function quote(text: string): string {
  const line = text.trim().replaceAll(/\s+/g, ' ');
  return JSON.stringify(line.length > 40 ? `${line.slice(0, 40)}…` : line);
}

function added(before: PowerShellValue | undefined, value: PowerShellValue): PowerShellValue {
  if (before instanceof Computed) return before;
  if (value instanceof Computed || before === undefined) return value;
  if (Array.isArray(before) && (typeof value === 'string' || Array.isArray(value)))
    return [...before, ...(typeof value === 'string' ? [value] : value)];
  return typeof before === 'string' && typeof value === 'string' ? before + value : new Computed('a sum');
}

const sizeOf = (value: Exclude<PowerShellValue, Computed>): number =>
  typeof value === 'string' || Array.isArray(value) ? value.length : (value as ReadonlyMap<string, string>).size; // the third kind
