import { CALLBACKS, POWERSHELL_ABOUT } from './callbacks.ts';
import { bashList, checkText, powershellList, quoteBash, quotePowerShell } from './notation.ts';
import type { PlanFacts, PlanLanguage } from './plan-facts.ts';
import { SETTINGS, type SettingTemplate } from './settings.ts';

/** Longest line of an explanation, `# ` included. */
const WIDTH = 100;

const HEADER: Readonly<Record<PlanLanguage, string>> = {
  bash: `This file, the plan, is the heart of a package: a bash script that says what the software is, where it comes from, and how it
is built and installed.

Settings begin with pkg_. Those with a # in front are examples: take the # away to use one. Steps of the build are functions that
begin with do_; each has a default, do_default_, that fits many projects, so a step that needs nothing special can be deleted here.

  hab plan lint         looks for mistakes, without running anything
  hab plan explain X    tells what a setting, step, helper or hook is for
  hab pkg build DIR     builds the package`,
  powershell: `This file, the plan, is the heart of a package: a PowerShell script that says what the software is, where it comes from, and how it
is built and installed.

Settings begin with $pkg_. Those with a # in front are examples: take the # away to use one. Steps of the build are functions that
begin with Invoke-; most have a default, Invoke-Default, so a step that needs nothing special can be deleted here.

  hab plan explain X    tells what a setting, step, helper or hook is for
  hab pkg build DIR     builds the package`,
};

/** What is decided once for all of a plan's text. */
interface Style {
  readonly language: PlanLanguage;
  readonly docs: boolean;
  readonly scaffolding: string | undefined;
  readonly variables: Readonly<Record<string, string | undefined>>;
}

/** Text of a new `plan.sh` or `plan.ps1`. See spec/cli 8.3. */
export function formatPlan(facts: PlanFacts): string {
  const { name, origin, language = 'bash', scaffolding, variables = {}, extent = 'all' } = facts;
  const minimal = extent === 'minimal';
  const style: Style = { language, docs: facts.docs ?? !minimal, scaffolding, variables };
  const settings = SETTINGS.filter(
    (setting) => (language === 'bash' || setting.powershell !== undefined) && isWanted(setting, minimal, style),
  );
  const callbacks = CALLBACKS.filter(
    (callback) =>
      ((facts.callbacks ?? !minimal) ? true : callback.minimal === true) &&
      (language === 'bash' || callback.powershell !== undefined),
  );
  const blocks = [
    ...(style.docs ? [comment(HEADER[language])] : []),
    identity(name, origin, style),
    ...settings.map((setting) => formatSetting(setting, style)),
  ];
  const steps = callbacks.map((callback) =>
    [...(style.docs ? [comment(aboutOf(callback, language))] : []), formatCallback(callback, language)].join('\n'),
  );
  return `${blocks.join(style.docs ? '\n\n' : '\n')}\n\n${steps.join('\n\n')}\n`;
}

function isWanted({ name, state, more }: SettingTemplate, minimal: boolean, { variables }: Style): boolean {
  if (variables[`pkg_${name}`] !== undefined) return true;
  return state !== 'given' && !(minimal && more === true);
}

function identity(name: string, origin: string, { language, docs }: Style): string {
  const [nameText, originText] =
    language === 'bash'
      ? [`pkg_name=${name}`, `pkg_origin=${origin}`]
      : [`$pkg_name="${name}"`, `$pkg_origin="${origin}"`];
  if (!docs) return `${nameText}\n${originText}`;
  const aboutName = 'Required. What the package is called. Others depend on it as ORIGIN/NAME.';
  const aboutOrigin =
    'Required. Whose package it is. A build signs it with the secret key of this origin: see `hab origin key generate`.';
  return `${comment(aboutName)}\n${nameText}\n\n${comment(aboutOrigin)}\n${originText}`;
}

function formatSetting(setting: SettingTemplate, style: Style): string {
  const { about, state, scaffolded } = setting;
  const own = setting.name === 'scaffolding' ? style.scaffolding : style.variables[`pkg_${setting.name}`];
  const active = own !== undefined || (state === 'on' && !(scaffolded === true && style.scaffolding !== undefined));
  const value = own === undefined ? standardOf(setting, style) : given(setting, own, style.language);
  const line = `${style.language === 'bash' ? '' : '$'}pkg_${setting.name}=${value}`;
  const shown = active ? line : line.replaceAll(/^/gm, '# ');
  return style.docs ? `${comment(about)}\n${shown}` : shown;
}

function standardOf({ name, bash, powershell }: SettingTemplate, { language, variables }: Style): string {
  if (language === 'powershell') return powershell ?? '';
  if (name !== 'build_deps') return bash;
  // What is needed at run time is there for builds too, and would stand there twice.
  const there = new Set((variables['pkg_deps'] ?? '').match(/[^\s()"']+/g));
  const words = bash.slice(1, -1).split(' ');
  return `(${words.filter((word) => !there.has(word)).join(' ')})`;
}

function given({ name, kind }: SettingTemplate, text: string, language: PlanLanguage): string {
  checkText(`pkg_${name}`, text);
  if (language === 'bash') return kind === 'text' ? quoteBash(text) : bashList(`pkg_${name}`, kind, text);
  return kind === 'text' ? quotePowerShell(text) : powershellList(`pkg_${name}`, text);
}

const aboutOf = ({ name, about }: (typeof CALLBACKS)[number], language: PlanLanguage): string =>
  language === 'powershell' ? (POWERSHELL_ABOUT[name] ?? about) : about;

function formatCallback({ name, powershell = '', empty }: (typeof CALLBACKS)[number], language: PlanLanguage): string {
  if (language === 'bash') return `do_${name}() {\n  ${empty === true ? 'return 0' : `do_default_${name}`}\n}`;
  return `function Invoke-${powershell} {${empty === true ? ' ' : `\n  Invoke-Default${powershell}\n`}}`;
}

/** An explanation as comment lines. Indented lines keep their form. */
function comment(text: string): string {
  const paragraphs = text.split(/\n\n/).map((paragraph) =>
    paragraph
      .split(/\n(?= )/)
      .flatMap((piece) => (piece.startsWith(' ') ? [`# ${piece}`] : wrap(piece.replaceAll('\n', ' '))))
      .join('\n'),
  );
  return paragraphs.join('\n#\n');
}

function wrap(text: string): string[] {
  const lines: string[] = [];
  let line = '#';
  for (const word of text.split(' ')) {
    if (line !== '#' && line.length + 1 + word.length > WIDTH) {
      lines.push(line);
      line = '#';
    }
    line += ` ${word}`;
  }
  return [...lines, line];
}
