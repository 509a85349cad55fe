import { defaultPackagePrefix, type Logger, noopLogger } from '@hab/core';

import { DIALECT_RULES, type DialectRules, type TemplateDialect } from './dialect.ts';
import { locate, TemplatingError } from './errors.ts';
import { compileLegacy, LegacyState } from './legacy/engine.ts';
import { DEFAULT_TEMPLATE_LIMITS, type TemplateLimits } from './limits.ts';
import { TemplateCompiler } from './render/compile.ts';
import type { CompiledTemplate } from './render/compiled.ts';
import { RenderFault } from './render/fault.ts';
import { ReadRecorder, type TemplateRead } from './render/reads.ts';
import { type RenderScope, RenderState } from './render/state.ts';
import { explainSyntax } from './template/explain.ts';
import { parseTemplate } from './template/parse.ts';
import { LimitFault, SyntaxFault } from './template/syntax.ts';
import type { ConfigTable } from './values.ts';

/** How a renderer reads and prints templates, and what it asks of its surroundings. */
export interface RendererOptions {
  /** @defaultValue 'documented' */
  readonly dialect?: TemplateDialect | undefined;
  /** Limits that differ from {@link DEFAULT_TEMPLATE_LIMITS}. */
  readonly limits?: Partial<TemplateLimits> | undefined;
  /** Where `{{log …}}` goes. @defaultValue nowhere */
  readonly logger?: Logger | undefined;
  /**
   * Directory of an installed package, for `pkgPathFor`; a `Layout`'s `package` fits. @defaultValue below `/hab/pkgs`
   */
  readonly packagePath?: RenderScope['packagePath'] | undefined;
}

/** The text of a rendering and what of the context it depends on; see `readsChanged`. */
export interface TrackedRendering {
  readonly text: string;
  readonly reads: readonly TemplateRead[];
}

/** Compiles templates once and renders them any number of times; they can include each other by name. */
export interface Renderer {
  readonly dialect: TemplateDialect;
  /** Names of the registered templates, in the order of their registration. */
  readonly names: readonly string[];
  /**
   * Compiles a template and keeps it under a name, replacing another of that name.
   *
   * @throws {@link TemplatingError} `TEMPLATE_COMPILE_FAILED`, `TEMPLATE_LIMIT_EXCEEDED`.
   */
  register(name: string, text: string): void;
  /**
   * @param context - The root of all paths; see `renderContext`, `toConfigTable`, `parseJson`.
   * @throws {@link TemplatingError} `TEMPLATE_RENDER_FAILED`, `TEMPLATE_LIMIT_EXCEEDED`, `TEMPLATE_UNKNOWN`.
   */
  render(name: string, context: ConfigTable): string;
  /** {@link Renderer.render}, and notes what was looked at. Slower. */
  renderTracked(name: string, context: ConfigTable): TrackedRendering;
}

/** Makes a renderer without templates. It evaluates no generated code and runs under a strict Content-Security-Policy. */
export function createRenderer(options: RendererOptions = {}): Renderer {
  return new TemplateRenderer(options);
}

/**
 * Renders one template without partials.
 *
 * @throws {@link TemplatingError} as {@link Renderer.register} and {@link Renderer.render}.
 */
export function renderTemplate(
  text: string,
  context: ConfigTable,
  options: RendererOptions & { readonly name?: string | undefined } = {},
): string {
  const { name = 'template', ...rest } = options;
  const renderer = createRenderer(rest);
  renderer.register(name, text);
  return renderer.render(name, context);
}

class TemplateRenderer implements Renderer {
  readonly #rules: DialectRules;
  readonly #scope: RenderScope;
  readonly #compiler: TemplateCompiler;
  readonly #templates = new Map<string, CompiledTemplate>();

  constructor(options: RendererOptions) {
    this.#rules = DIALECT_RULES[options.dialect ?? 'documented'];
    this.#compiler = new TemplateCompiler(this.#rules);
    this.#scope = {
      rules: this.#rules,
      limits: { ...DEFAULT_TEMPLATE_LIMITS, ...options.limits },
      logger: options.logger ?? noopLogger,
      packagePath: options.packagePath ?? defaultPackagePrefix,
      template: (name) => this.#templates.get(name),
    };
  }

  get dialect(): TemplateDialect {
    return this.#rules.dialect;
  }

  get names(): readonly string[] {
    return [...this.#templates.keys()];
  }

  register(name: string, text: string): void {
    this.#templates.set(name, this.#compile(name, text));
  }

  render(name: string, context: ConfigTable): string {
    return this.#run(name, context, undefined);
  }

  renderTracked(name: string, context: ConfigTable): TrackedRendering {
    const recorder = new ReadRecorder();
    const text = this.#run(name, context, recorder);
    return { text, reads: recorder.list() };
  }

  #compile(name: string, source: string): CompiledTemplate {
    const { limits } = this.#scope;
    if (source.length > limits.sourceBytes) throw tooLarge(name, limits.sourceBytes);
    try {
      const { program } = parseTemplate(source, this.#rules, limits);
      if (this.#rules.dialect === 'legacy') return compileLegacy(program, name, source);
      return this.#compiler.template(program, name, source);
    } catch (error) {
      throw compileError(error, name, source);
    }
  }

  #run(name: string, context: ConfigTable, reads: ReadRecorder | undefined): string {
    const template = this.#templates.get(name);
    if (template === undefined) throw unknownTemplate(name, this.names);
    const State = this.#rules.dialect === 'legacy' ? LegacyState : RenderState;
    const state = new State(this.#scope, template, context, reads);
    try {
      template.run(state);
    } catch (error) {
      throw renderError(error, state);
    }
    return state.out;
  }
}

function compileError(error: unknown, template: string, source: string): unknown {
  if (error instanceof LimitFault) return limitError(error, template, source, error.offset ?? 0);
  if (!(error instanceof SyntaxFault)) return error;
  const { message, hint } = explainSyntax(error, source);
  const place = locate(source, error.offset);
  const text = `${template}, line ${place.line}, column ${place.column}: ${message}\n${place.excerpt}`;
  return new TemplatingError('TEMPLATE_COMPILE_FAILED', text, {
    details: { template, ...place },
    ...(hint === undefined ? {} : { hint }),
  });
}

function renderError(error: unknown, state: RenderState): unknown {
  const { name: template, source } = state.current;
  if (error instanceof LimitFault) return limitError(error, template, source, state.at);
  if (!(error instanceof RenderFault)) return error;
  const place = locate(source, state.at);
  const text = `${template}, line ${place.line}, column ${place.column}: ${error.message}\n${place.excerpt}`;
  return new TemplatingError('TEMPLATE_RENDER_FAILED', text, {
    details: { template, ...place, ...(error.helper === undefined ? {} : { helper: error.helper }) },
    ...(error.hint === undefined ? {} : { hint: error.hint }),
  });
}

function limitError(fault: LimitFault, template: string, source: string, offset: number): TemplatingError {
  const place = locate(source, offset);
  const text = `${template}, line ${place.line}, column ${place.column}: ${fault.message}`;
  return new TemplatingError('TEMPLATE_LIMIT_EXCEEDED', text, {
    details: { limit: fault.limit, max: fault.max, template, ...place },
  });
}

function tooLarge(template: string, max: number): TemplatingError {
  return new TemplatingError('TEMPLATE_LIMIT_EXCEEDED', `${template} is larger than ${max} bytes`, {
    details: { limit: 'sourceBytes', max, template },
    hint: 'Put fixed content into a service file.',
  });
}

function unknownTemplate(template: string, known: readonly string[]): TemplatingError {
  const text = `No template "${template}" was registered; there are ${known.slice(0, 20).join(', ') || 'none'}`;
  return new TemplatingError('TEMPLATE_UNKNOWN', text, { details: { template } });
}
