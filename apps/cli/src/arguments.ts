import { isHabError } from '@hab/core';
import {
  type Bind,
  formatIdent,
  type PackageIdent,
  parseBind,
  parseIdent,
  parseServiceGroup,
  type ServiceGroup,
} from '@hab/ident';
import { InvalidArgumentError } from 'commander';

/** Turns a parser's error into one that names the argument and exits with the usage status. */
export function argument<T>(parse: (text: string) => T): (text: string) => T {
  return (text) => {
    try {
      return parse(text);
    } catch (error) {
      if (!isHabError(error)) throw error;
      throw new InvalidArgumentError(error.hint === undefined ? error.message : `${error.message} ${error.hint}`);
    }
  };
}

export const identArgument: (text: string) => PackageIdent = argument(parseIdent);
export const serviceGroupArgument: (text: string) => ServiceGroup = argument(parseServiceGroup);

/** `ORIGIN/NAME…` has a slash, `SERVICE.GROUP` has none. */
export const identOrGroupArgument = (text: string): PackageIdent | ServiceGroup =>
  text.includes('/') ? identArgument(text) : serviceGroupArgument(text);

/** Collects a repeatable `--bind NAME:SERVICE.GROUP`. */
export function bindArgument(text: string, previous: readonly Bind[] | undefined): Bind[] {
  return [...(previous ?? []), argument(parseBind)(text)];
}

/** An unsigned number with an upper limit. */
export function numberArgument(max: bigint): (text: string) => bigint {
  return (text) => {
    const value = /^[0-9]{1,20}$/.test(text) ? BigInt(text) : -1n;
    if (value < 0n || value > max) throw new InvalidArgumentError(`It is not a number from 0 to ${max}.`);
    return value;
  };
}

export const U32: bigint = 0xffffffffn;
export const U64: bigint = 0xffffffffffffffffn;

/** One of a few words. */
export function choice<T extends string>(words: readonly T[]): (text: string) => T {
  return (text) => {
    const word = words.find((candidate) => candidate === text);
    if (word === undefined) throw new InvalidArgumentError(`It is none of ${words.join(', ')}.`);
    return word;
  };
}

/** The two-part text that messages show. */
export const shortIdent = (ident: PackageIdent): string => formatIdent({ origin: ident.origin, name: ident.name });

/** Values of a repeatable option. */
export const collect = (text: string, previous: readonly string[] | undefined): string[] => [...(previous ?? []), text];
