import type {
  AndOr,
  ArithmeticFor,
  Case,
  CommandNode,
  CompoundList,
  For,
  Function as FunctionNode,
  HereDoc,
  If,
  ParsedScript,
  Pipeline,
  PipelineNode,
  Select,
  Statement,
} from 'unbash';

import { textOfExpression } from '../arithmetic.ts';
import { type Places, placesOf } from './places.ts';
import { type Place, Scanner } from './scanner.ts';
import { isReserved, readRedirect, readSimple, readTest, readTreeWord } from './simple.ts';
import { readArithmetic, readBody, type WordWorld } from './words.ts';

const MAX_DEPTH = 120;

/**
 * Reads text once more along its tree, as bash's own grammar has it: between the parts of a command stands what must stand
 * there, and words end where bash ends them. So what bash may refuse, or take for something else, is found before it is
 * followed. Where it is in doubt it says so: it knows less than bash, and never more.
 */
export class StrictGrammar implements WordWorld {
  readonly scanner: Scanner;
  readonly groups: boolean;
  readonly #places: Places;
  #depth: number;

  constructor(text: string, [from, to]: readonly [number, number], groups: boolean, places: Places, depth: number) {
    this.scanner = new Scanner(text, from, to, (body) => this.#hereDocument(body));
    this.groups = groups;
    this.#places = places;
    this.#depth = depth;
    this.scanner.must(depth < MAX_DEPTH);
  }

  readonly placeAt = (at: number): Place | undefined => this.#places.get(at);

  script({ commands, source }: ParsedScript): void {
    const { scanner } = this;
    // Whose here-document begins at the next end of a line?
    scanner.must(source === undefined);
    scanner.mustBeComplete();
    const { documents } = scanner;
    scanner.documents = 'simple';
    scanner.deeper(() => this.#list(commands, false));
    scanner.documents = documents;
    scanner.mustBeComplete();
  }

  quoted({ commands, source }: ParsedScript, from: number, to: number): void {
    const inner =
      source === undefined
        ? this.#inner([from, to])
        : new StrictGrammar(source, [0, source.length], this.groups, placesOf(commands), this.#depth + 1);
    inner.#list(commands, false);
    inner.scanner.mustBeComplete();
    this.scanner.must(inner.scanner.peek() === '');
  }

  /** Commands up to the end of a line. @returns how many there are. */
  unit(statements: readonly Statement[], first: number): number {
    const { scanner } = this;
    scanner.newlines();
    for (let next = first; ; next++) {
      const statement = statements[next];
      if (statement === undefined) {
        scanner.must(scanner.peek() === '');
        return next - first;
      }
      const end = this.#statement(statement);
      scanner.must(end !== undefined || scanner.peek() === '');
      if (end === 'line' || scanner.peek() === '') {
        scanner.mustBeComplete();
        return next + 1 - first;
      }
    }
  }

  #inner(range: readonly [number, number]): StrictGrammar {
    return new StrictGrammar(this.scanner.text, range, this.groups, this.#places, this.#depth + 1);
  }

  #hereDocument(body: HereDoc['body']): void {
    readBody(this.#inner([body.pos, body.end]));
  }

  /** @returns what ended it. */
  #statement({ pos, command, background }: Statement): 'line' | 'separator' | undefined {
    const { scanner } = this;
    scanner.must(scanner.at === pos);
    this.#node(command);
    scanner.blank();
    const next = scanner.peek();
    let ended = true;
    if (background === true) scanner.take('&');
    else if (next === ';' && !/[;&]/.test(scanner.peek(1))) scanner.at += 1;
    else ended = false;
    if (scanner.newlines()) return 'line';
    return ended ? 'separator' : undefined;
  }

  /** @param closed - Whether a keyword follows: something must stand before it. */
  #list(statements: readonly Statement[], closed: boolean): void {
    const { scanner } = this;
    scanner.newlines();
    scanner.must(!closed || statements.length > 0);
    for (const [i, statement] of statements.entries()) {
      const end = this.#statement(statement);
      scanner.must(end !== undefined || (!closed && i === statements.length - 1));
    }
  }

  #between(opening: string, { commands }: CompoundList): void {
    this.scanner.keyword(opening);
    this.#list(commands, true);
  }

  #loop(body: CompoundList): void {
    this.#between('do', body);
    this.scanner.keyword('done');
  }

  #node(node: PipelineNode | AndOr): void {
    this.scanner.must(this.scanner.at === node.pos);
    if (node.type === 'AndOr') this.#joined(node.commands, node.operators);
    else if (node.type === 'Pipeline') this.#pipeline(node);
    else if (node.type === 'Command') readSimple(this, node);
    else {
      const { documents } = this.scanner;
      // Bash 5.2 puts them in the wrong place when it writes such a substitution anew.
      if (documents === 'simple') this.scanner.documents = 'none';
      this.scanner.deeper(() => this.#command(node));
      this.scanner.documents = documents;
    }
  }

  #joined(commands: readonly PipelineNode[], operators: readonly string[]): void {
    for (const [i, command] of commands.entries()) {
      if (i > 0) {
        this.scanner.blank();
        this.scanner.take(operators[i - 1] ?? '');
        this.scanner.newlines();
      }
      this.#node(command);
    }
  }

  #pipeline({ prefixes, commands, operators }: Pipeline): void {
    const { scanner } = this;
    scanner.must(prefixes.length < 2 && commands.length > 0);
    for (const prefix of prefixes) {
      scanner.must(prefix.type === 'Negation');
      scanner.take('!');
      scanner.must(scanner.blank());
    }
    this.#joined(commands, operators);
  }

  #command(node: Exclude<CommandNode, { type: 'Command' }>): void {
    const { scanner } = this;
    switch (node.type) {
      case 'Redirected':
        this.#node(node.command);
        for (const redirect of node.redirects) {
          scanner.blank();
          readRedirect(this, redirect);
        }
        break;
      case 'Function':
        this.#function(node);
        break;
      case 'Subshell':
        // Two of them begin arithmetic, where that can be.
        scanner.must(scanner.peek(1) !== '(' && node.body.commands.length > 0);
        scanner.take('(');
        this.#list(node.body.commands, false);
        scanner.take(')');
        break;
      case 'BraceGroup':
        this.#between('{', node.body);
        scanner.keyword('}');
        break;
      case 'If':
        this.#if(node);
        break;
      case 'While':
        this.#between(node.kind, node.clause);
        this.#loop(node.body);
        break;
      case 'For':
      case 'Select':
        this.#for(node);
        break;
      case 'ArithmeticFor':
        this.#arithmeticFor(node);
        break;
      case 'Case':
        this.#case(node);
        break;
      case 'TestCommand':
        scanner.keyword('[[');
        scanner.must(scanner.blank());
        readTest(this, node.expression);
        scanner.must(scanner.blank());
        scanner.keyword(']]');
        break;
      case 'ArithmeticCommand':
        scanner.take('((');
        readArithmetic(this, '))');
        break;
      case 'Coproc':
        scanner.refuse();
        break;
    }
  }

  #function({ name, body }: FunctionNode): void {
    const { scanner } = this;
    const named = scanner.has('function') && name.pos > scanner.at;
    if (named) {
      scanner.keyword('function');
      scanner.blank();
    }
    scanner.must(scanner.at === name.pos && /^[A-Za-z_][\w:.+-]*$/.test(name.text) && !isReserved(name.text));
    scanner.take(name.text);
    scanner.blank();
    if (!named || scanner.peek() === '(') {
      scanner.take('(');
      scanner.blank();
      scanner.take(')');
    }
    scanner.newlines();
    if (body.type === 'CompoundList') scanner.refuse();
    else this.#node(body);
  }

  #if(node: If): void {
    const { scanner } = this;
    this.#between('if', node.clause);
    this.#between('then', node.then);
    for (const { clause, then } of node.elif) {
      this.#between('elif', clause);
      this.#between('then', then);
    }
    if (node.else !== undefined) this.#between('else', node.else);
    scanner.keyword('fi');
  }

  #for({ type, name, wordlist, body }: For | Select): void {
    const { scanner } = this;
    scanner.keyword(type === 'For' ? 'for' : 'select');
    scanner.blank();
    scanner.must(scanner.at === name.pos && /^[A-Za-z_]\w*$/.test(name.text));
    scanner.take(name.text);
    if (wordlist === undefined) scanner.newlines();
    else {
      // Inside of other commands bash takes `in` on a line of its own for a command.
      scanner.blank();
      scanner.keyword('in');
      for (const word of wordlist) {
        scanner.must(scanner.blank());
        readTreeWord(this, word);
      }
      scanner.blank();
      scanner.must(/[;\n]/.test(scanner.peek()));
    }
    if (scanner.peek() === ';') scanner.at += 1;
    scanner.newlines();
    this.#loop(body);
  }

  #arithmeticFor({ initialize, test, update, body }: ArithmeticFor): void {
    const { scanner } = this;
    scanner.keyword('for');
    scanner.blank();
    scanner.take('((');
    for (const [expression, close] of [
      [initialize, ';'],
      [test, ';'],
      [update, '))'],
    ] as const) {
      const begin = scanner.at;
      readArithmetic(this, close);
      const written = scanner.text.slice(begin, scanner.at - close.length);
      // The tree keeps no text of it: nothing may be lost.
      scanner.must(textOfExpression(expression).replaceAll(/\s/g, '') === written.replaceAll(/\s/g, ''));
    }
    scanner.blank();
    if (scanner.peek() === ';') scanner.at += 1;
    scanner.newlines();
    this.#loop(body);
  }

  #case({ word, items }: Case): void {
    const { scanner } = this;
    scanner.keyword('case');
    scanner.blank();
    readTreeWord(this, word);
    scanner.newlines();
    scanner.keyword('in');
    scanner.newlines();
    for (const [i, { pattern, body, terminator }] of items.entries()) {
      if (scanner.peek() === '(') {
        scanner.at += 1;
        scanner.blank();
      }
      for (const [j, one] of pattern.entries()) {
        if (j > 0) {
          scanner.take('|');
          scanner.blank();
        }
        scanner.must(one.text !== 'esac');
        readTreeWord(this, one);
        scanner.blank();
      }
      scanner.must(pattern.length > 0);
      scanner.take(')');
      this.#list(body.commands, false);
      scanner.must(terminator !== undefined || i === items.length - 1);
      if (terminator !== undefined) scanner.take(terminator);
      scanner.newlines();
    }
    scanner.keyword('esac');
  }
}
