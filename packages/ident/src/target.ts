import { rejected } from './errors.ts';
import { type PackageIdent, requireFullIdent } from './ident.ts';

/** Every target, in the order in which the active one is looked for. @see spec/formats, 2 */
export const PACKAGE_TARGETS = [
  'x86_64-darwin',
  'x86_64-linux',
  'x86_64-linux-kernel2',
  'x86_64-windows',
  'aarch64-darwin',
  'aarch64-linux',
  'aarch64-windows',
] as const;

/** Architecture, operating system and sometimes a variant that a package is built for. */
export type PackageTarget = (typeof PACKAGE_TARGETS)[number];

/** The pieces of a target. */
export interface TargetPieces {
  readonly architecture: string;
  readonly system: string;
  readonly variant?: string | undefined;
}

/** A machine in the words of `process.arch` and `process.platform`, or of Habitat. */
export interface Machine {
  /** `x64`, `arm64`, `x86_64` or `aarch64`. */
  readonly arch: string;
  /** `linux`, `darwin`, `win32` or `windows`. */
  readonly platform: string;
}

/** True for one of {@link PACKAGE_TARGETS}; case counts. */
export function isPackageTarget(text: string): text is PackageTarget {
  return (PACKAGE_TARGETS as readonly string[]).includes(text); // widening only
}

/** @throws {@link IdentError} `IDENT_TARGET_INVALID` for anything else than a known target. */
export function parseTarget(text: string): PackageTarget {
  if (isPackageTarget(text)) return text;
  throw invalidTarget(text);
}

/** Splits a target: `x86_64-linux-kernel2` has a variant, the others have none. */
export function targetPieces(target: PackageTarget): TargetPieces {
  const [architecture = '', system = '', variant] = target.split('-');
  return variant === undefined ? { architecture, system } : { architecture, system, variant };
}

const ARCHITECTURES: ReadonlyMap<string, string> = new Map([
  ['x64', 'x86_64'],
  ['arm64', 'aarch64'],
]);

/**
 * The target that a machine runs: the first of {@link PACKAGE_TARGETS} for its processor and system, so plain
 * `x86_64-linux` and never `-kernel2`. A build-time override is for the caller to parse with {@link parseTarget}.
 *
 * @throws {@link IdentError} `IDENT_TARGET_INVALID` for a machine that Habitat has no target for.
 */
export function targetFor(machine: Machine): PackageTarget {
  const architecture = ARCHITECTURES.get(machine.arch) ?? machine.arch;
  const system = machine.platform === 'win32' ? 'windows' : machine.platform;
  return parseTarget(`${architecture}-${system}`);
}

/**
 * Canonical file name of an artifact. It cannot be parsed back: the identity of an artifact is its `IDENT` member.
 *
 * @throws {@link IdentError} `IDENT_NOT_FULLY_QUALIFIED`.
 * @see spec/formats, 1.3
 */
export function artifactName(ident: PackageIdent, target: PackageTarget): string {
  const { origin, name, version, release } = requireFullIdent(ident);
  return `${origin}-${name}-${version}-${release}-${target}.hart`;
}

function invalidTarget(text: string) {
  return rejected(
    'IDENT_TARGET_INVALID',
    'Invalid package target',
    text,
    `Known targets: ${PACKAGE_TARGETS.join(', ')}.`,
  );
}
