import { type Command, forEachChild, parse, type SyntaxNode, type Word, type WordPart } from 'unbash';

import type { PlanReading } from '../plan-reading.ts';
import { at, type PlanFinding } from './finding.ts';

const MAX_DEPTH = 400;

/** Every command in a text, functions and substitutions included. */
function* commandsOf(node: SyntaxNode, depth = 0): Generator<Command> {
  if (depth > MAX_DEPTH) return;
  if (node.type === 'Command') yield node;
  const children: SyntaxNode[] = [];
  forEachChild(node, (child) => {
    children.push(child);
  });
  for (const child of children) yield* commandsOf(child, depth + 1);
}

/** What only the commands of a plan show. */
export function* commandRules(reading: PlanReading, file: string, text: string): Generator<PlanFinding> {
  // A text that does not parse is told as such; what is made of it may be anything.
  if (reading.problems.length > 0) return;
  const commands = [...commandsOf(parse(text))];
  for (const command of commands) yield* unquoted(command, file, text);
  yield* unusedTools(reading, file, commands);
}

/** Variables that hold one path or file name, which are never meant to be parted into words. Idents hold no spaces. */
const PATHS =
  /^(?:pkg_(?:prefix|dirname|filename|svc_\w*path|distname)|PREFIX|PLAN_CONTEXT|SRC_PATH|CACHE_PATH|HAB_CACHE_SRC_PATH|HAB_PKG_PATH|PWD|HOME)$/;
/** Programs that change or remove the files they are given: a path that is parted hits others. */
const FILE_PROGRAMS = new Set(
  'rm rmdir cp mv ln cd pushd mkdir install chmod chown touch tar cat patch rsync unzip tee'.split(' '),
);

/** Expansions outside of quotes where parting them, or leaving them out, does harm. */
function* unquoted({ name, args }: Command, file: string, text: string): Generator<PlanFinding> {
  const program = name?.value ?? '';
  const isTest = program === '[' || program === 'test';
  for (const argument of args) {
    if (argument.type !== 'Word' || argument.parts === undefined) continue;
    const bare = argument.parts.map(bareName).find((one) => {
      if (one === undefined) return false;
      return isTest || (FILE_PROGRAMS.has(program) && PATHS.test(one)) || one === '@';
    });
    if (bare === undefined) continue;
    const span = { file, start: argument.pos, end: argument.end };
    const written = text.slice(argument.pos, argument.end);
    const mended = quotable(argument) ? `"${written}"` : undefined;
    yield {
      rule: 'unquoted-expansion',
      severity: 'warning',
      message: isTest
        ? `${written} is left out of the test when it is empty, and parted when it has spaces`
        : `${written} becomes several words when there are spaces in it`,
      hint: `Write ${mended ?? 'the expansion between double quotes'}.`,
      span,
      ...(mended === undefined || bare === '*' ? {} : { fix: { span, text: mended } }),
    };
  }
}

/** Name of what a part of a word expands, where it stands outside of quotes and may be parted. */
function bareName(part: WordPart): string | undefined {
  if (part.type === 'SimpleExpansion') return /^\$([A-Za-z_]\w*|@)$/.exec(part.text)?.[1];
  if (part.type !== 'ParameterExpansion' || part.prefix !== undefined || part.operation !== undefined) return undefined;
  return part.index === undefined ? part.parameter : undefined;
}

/** Whether double quotes around the whole word change nothing but the parting. */
const quotable = ({ parts = [] }: Word): boolean =>
  parts.every(
    (part) =>
      part.type === 'SimpleExpansion' ||
      part.type === 'ParameterExpansion' ||
      (part.type === 'Literal' && /^[\w./:,=+%-]*$/.test(part.text)),
  );

/** What calls nothing else: no compiler, no build system. */
const PLAIN_PROGRAMS = new Set(
  `: true false return exit echo printf cp mv rm rmdir mkdir ln install chmod chown touch cat tee sed grep find cd pushd popd pwd
  basename dirname head tail cut tr sort uniq wc test [ local declare export shopt set unset read tar gzip gunzip bzip2 xz unzip 7z
  build_line warn debug exit_with pkg_path_for fix_interpreter pkg_interpreter_for download_file verify_file unpack_file
  attach trim join_by abspath do_default_begin do_default_download do_default_verify do_default_clean do_default_unpack
  do_default_prepare do_default_strip do_default_end set_runtime_env set_buildtime_env push_runtime_env
  push_buildtime_env update_pkg_version`.split(/\s+/),
);
/** Packages that do nothing unless something calls a compiler or a build system. */
const COMPILERS = new Set(
  'gcc make cmake ninja autoconf automake libtool m4 bison flex pkg-config clang scons meson go rust'.split(' '),
);

/** Compilers among the build dependencies of a plan that compiles nothing. */
function* unusedTools(
  { settings, functions }: PlanReading,
  file: string,
  commands: readonly Command[],
): Generator<PlanFinding> {
  const setting = settings.get('pkg_build_deps');
  if (setting === undefined || !Array.isArray(setting.value) || settings.has('pkg_scaffolding')) return;
  // Without both of them the build runs configure and make.
  if (!['do_build', 'do_install'].every((name) => functions.get(name)?.span.file === file)) return;
  const isPlain = ({ name }: Command): boolean =>
    name === undefined || (name.parts === undefined && PLAIN_PROGRAMS.has(name.value));
  if (!commands.every(isPlain)) return;
  for (const ident of setting.value) {
    const name = ident.split('/')[1] ?? '';
    if (!COMPILERS.has(name)) continue;
    yield at(setting, {
      rule: 'unused-dependency',
      severity: 'warning',
      message: `${ident} is in pkg_build_deps, and the build only copies files`,
      hint: `Take ${ident} out of pkg_build_deps.`,
    });
  }
}
