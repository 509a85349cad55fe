import { nearestName } from '@hab/core';

import type { PlanReading, PlanSetting, SettingValue } from '../plan-reading.ts';
import { at, type PlanFinding } from './finding.ts';
import { SETTING_KINDS, type SettingKind } from './known-settings.ts';
import type { Notation } from './notation.ts';

const kindOf = (value: SettingValue): 'text' | 'list' | 'map' =>
  typeof value === 'string' ? 'text' : value instanceof Map ? 'map' : 'list';
const PHRASES = { text: 'one text', list: 'a list', map: 'pairs' } as const;

/** Names that are nearly ours, and values of another shape. */
export function* settingRules(
  { settings }: PlanReading,
  text: string,
  { setting: written, textIsList }: Notation,
): Generator<PlanFinding> {
  for (const setting of settings.values()) {
    const wanted = SETTING_KINDS.get(setting.name);
    if (wanted === undefined) {
      const near = nearestName(setting.name, SETTING_KINDS.keys(), setting.name.length > 9 ? 2 : 1);
      if (CUSTOMARY.has(setting.name)) continue;
      // A plan may have names of its own: those it reads itself.
      const isRead = new RegExp(`\\$\\{?[!#]?${setting.name}\\b(?!\\s*\\+?=(?!=))`, 'i').test(text);
      if (near !== undefined && !settings.has(near) && !isRead) yield misspelt(setting, near);
      continue;
    }
    if (setting.value === undefined) continue;
    const joined =
      WORD_LISTS.has(setting.name) && (textIsList || Array.isArray(setting.value))
        ? wordsOf(setting.value).find((one) => /\S\s+\S/.test(one))
        : undefined;
    if (joined !== undefined) yield joinedWords(setting, joined, written(setting.name, 'list'));
    const given = kindOf(setting.value);
    if (given === wanted || (textIsList && wanted === 'list' && given === 'text')) continue;
    yield wrongType(setting, wanted, given, written(setting.name, wanted));
  }
}

/** Names that many plans have for themselves. */
const CUSTOMARY = new Set(['pkg_distname']);

/** Lists whose values have no spaces. */
const WORD_LISTS = new Set(['pkg_deps', 'pkg_build_deps', 'pkg_services', 'pkg_exposes', 'pkg_source_mirrors']);

const wordsOf = (value: SettingValue): readonly string[] =>
  typeof value === 'string' ? [value] : value instanceof Map ? [] : [...value.values()];

const joinedWords = (setting: PlanSetting, joined: string, written: string): PlanFinding =>
  at(setting, {
    rule: 'wrong-type',
    severity: 'error',
    message: `${setting.name} takes a list, and ${JSON.stringify(joined.slice(0, 60))} is one text`,
    hint: `Write ${written}, and quotes around no more than one value.`,
  });

const misspelt = (setting: PlanSetting, near: string): PlanFinding =>
  at(setting, {
    rule: 'unknown-setting',
    severity: 'warning',
    message: `${setting.name} means nothing to a build`,
    hint: `Did you mean ${near}?`,
  });

const wrongType = (setting: PlanSetting, wanted: SettingKind, given: SettingKind, written: string): PlanFinding =>
  at(setting, {
    rule: 'wrong-type',
    // A build takes the one for the other where nothing is lost.
    severity: wanted === 'list' && given === 'text' ? 'warning' : 'error',
    message: `${setting.name} takes ${PHRASES[wanted]}, and is given ${PHRASES[given]}`,
    hint: `Write ${written}.`,
  });

const REQUIRED = ['pkg_name', 'pkg_origin'];
const WANTED = ['pkg_maintainer', 'pkg_license', 'pkg_description', 'pkg_upstream_url'];

/** What a package should say of itself. */
export function* metadataRules(
  reading: PlanReading,
  file: string,
  length: number,
  { setting: written }: Notation,
): Generator<PlanFinding> {
  const { settings, functions } = reading;
  const span = { file, start: 0, end: Math.min(length, 1) };
  const missing = (name: string, severity: 'error' | 'warning', hint: string): PlanFinding => ({
    rule: 'missing-metadata',
    severity,
    message: `The plan has no ${name}`,
    hint,
    span,
  });
  for (const name of REQUIRED) if (!settings.has(name)) yield missing(name, 'error', `Add ${written(name, 'text')}.`);
  if (!settings.has('pkg_version') && !functions.has('pkg_version')) {
    yield missing(
      'pkg_version',
      'error',
      `Add ${written('pkg_version', 'text')}, or a function pkg_version that prints it.`,
    );
  }
  for (const name of WANTED)
    if (!settings.has(name)) yield missing(name, 'warning', `Add ${name}; hab plan explain ${name} says more.`);
}

/** Sources and users. */
export function* serviceAndSourceRules(
  { settings, functions }: PlanReading,
  { download }: Notation,
): Generator<PlanFinding> {
  const source = settings.get('pkg_source');
  // A scaffolding may bring callbacks of its own.
  const own = settings.has('pkg_scaffolding') || download.some((name) => functions.has(name));
  if (source !== undefined && !settings.has('pkg_shasum') && !own && source.value !== undefined) {
    yield at(source, {
      rule: 'source-without-checksum',
      severity: 'error',
      message: 'pkg_source is downloaded, and nothing says what it should be',
      hint: 'Add pkg_shasum with the SHA-256 of the file.',
    });
  }
  const group = settings.get('pkg_svc_group');
  if (group !== undefined && !settings.has('pkg_svc_user')) {
    yield at(group, {
      rule: 'group-without-user',
      severity: 'warning',
      message: 'pkg_svc_group is set, and pkg_svc_user stays hab',
      hint: 'Set both, or none.',
    });
  }
}

/** Names that two settings must agree on. @param hasDefault - Whether `default.toml` has a value at a path. */
export function* agreementRules(
  { settings }: PlanReading,
  hasDefault: ((path: string) => boolean) | undefined,
  { pair }: Notation,
): Generator<PlanFinding> {
  const map = (name: string): ReadonlyMap<string, string> | undefined => {
    const value = settings.get(name)?.value;
    return value instanceof Map ? value : undefined;
  };
  const exports = settings.get('pkg_exports');
  const exported = map('pkg_exports');
  if (exports !== undefined && exported !== undefined && hasDefault !== undefined) {
    for (const [name, path] of exported) {
      if (hasDefault(path)) continue;
      yield at(exports, {
        rule: 'export-without-default',
        severity: 'warning',
        message: `pkg_exports tells ${name} from ${path}, which default.toml does not have`,
        hint: `Add ${path} to default.toml, or name a value that is there.`,
      });
    }
  }
  const exposes = settings.get('pkg_exposes');
  if (exposes !== undefined && Array.isArray(exposes.value) && (exports === undefined || exported !== undefined)) {
    for (const name of exposes.value.filter((one) => exported?.has(one) !== true)) {
      yield at(exposes, {
        rule: 'expose-without-export',
        severity: 'error',
        message: `pkg_exposes names ${name}, which pkg_exports does not have`,
        hint: `Add ${pair(name)} to pkg_exports.`,
      });
    }
  }
  const optional = settings.get('pkg_binds_optional');
  for (const name of map('pkg_binds')?.keys() ?? []) {
    if (optional === undefined || map('pkg_binds_optional')?.has(name) !== true) continue;
    yield at(optional, {
      rule: 'bind-twice',
      severity: 'error',
      message: `The bind ${name} is both required and optional`,
      hint: 'Leave it in one of pkg_binds and pkg_binds_optional.',
    });
  }
}
