import { type FullIdent, formatIdent } from '@hab/ident';
import { BuildError } from './errors.ts';

/** A member of a composite, as far as a build needs to know it. */
export interface CompositeService {
  /** As `pkg_services` writes it. */
  readonly written: string;
  readonly ident: FullIdent;
  readonly prefix: string;
  readonly runnable: boolean;
  readonly binds: ReadonlyMap<string, string>;
  readonly bindsOptional: ReadonlyMap<string, string>;
  readonly exports: ReadonlySet<string>;
}

/** One `bind:producer` of `pkg_bind_map`. */
interface MappedBind {
  readonly consumer: CompositeService;
  readonly bind: string;
  readonly producer: CompositeService;
}

/** What a checked composite says about its binds. */
export interface CheckedComposite {
  /** Idents as in `pkg_services`. */
  readonly bindMap: ReadonlyMap<string, string>;
  readonly warnings: readonly string[];
}

/** @throws {@link BuildError} `BUILD_COMPOSITE_INVALID` for fewer than two members. */
export function checkMemberCount(services: readonly string[]): void {
  if (services.length >= 2) return;
  throw problems([
    'A composite package should have at least two services specified in $pkg_services; otherwise just build a non-composite Habitat package',
  ]);
}

/**
 * Checks members and binds, and reports everything that is wrong at once.
 *
 * @throws {@link BuildError} `BUILD_COMPOSITE_INVALID`. @see spec/plan-build, 15
 */
export function checkComposite(
  services: readonly CompositeService[],
  map: ReadonlyMap<string, string>,
): CheckedComposite {
  const found: string[] = services
    .filter(({ runnable }) => !runnable)
    .map(({ prefix }) => `'${prefix}' is not a service. Only services are allowed in composite packages`);
  const mapped = readMap(services, map, found);
  const consumers = new Set(mapped.map(({ consumer }) => consumer));
  for (const consumer of consumers) found.push(...doubleBinds(consumer));
  for (const bind of mapped) found.push(...bindProblems(bind));
  if (found.length > 0) throw problems(found);
  return { bindMap: normalized(mapped), warnings: [...unsatisfied(services, mapped), ...circle(mapped)] };
}

function readMap(
  services: readonly CompositeService[],
  map: ReadonlyMap<string, string>,
  found: string[],
): readonly MappedBind[] {
  return [...map].flatMap(([key, value]) => {
    const consumer = memberNamed(services, key);
    if (consumer === undefined) found.push(`pkg_bind_map names '${key}', which is not in pkg_services`);
    return value
      .split(/\s+/)
      .filter((pair) => pair !== '')
      .flatMap((pair) => {
        const colon = pair.indexOf(':');
        const name = pair.slice(colon + 1);
        const producer = memberNamed(services, name);
        if (colon < 1) found.push(`pkg_bind_map of '${key}': '${pair}' is not of the form bind:origin/name`);
        else if (producer === undefined) found.push(`pkg_bind_map names '${name}', which is not in pkg_services`);
        if (colon < 1 || consumer === undefined || producer === undefined) return [];
        return [{ consumer, bind: pair.slice(0, colon), producer }];
      });
  });
}

/** By the text of `pkg_services`; else by origin and name, when only one member has them. */
function memberNamed(services: readonly CompositeService[], text: string): CompositeService | undefined {
  const exact = services.find(({ written }) => written === text);
  if (exact !== undefined) return exact;
  const named = services.filter(({ ident }) => `${ident.origin}/${ident.name}` === text.split('/', 2).join('/'));
  return named.length === 1 ? named.find(({ ident }) => agrees(ident, text)) : undefined;
}

const agrees = (ident: FullIdent, text: string): boolean => `${formatIdent(ident)}/`.startsWith(`${text}/`);

const doubleBinds = (service: CompositeService): readonly string[] =>
  [...service.binds.keys()]
    .filter((bind) => service.bindsOptional.has(bind))
    .map(
      (bind) =>
        `The bind ${bind} has already been declared in pkg_binds for package ${service.written}, it cannot also be declared in pkg_binds_optional`,
    );

function bindProblems({ consumer, bind, producer }: MappedBind): readonly string[] {
  const wanted = (consumer.binds.get(bind) ?? consumer.bindsOptional.get(bind) ?? '').split(/\s+/).filter(Boolean);
  if (wanted.length === 0) {
    return [
      `The bind '${bind}' specified in $pkg_bind_map for the package '${consumer.written}' does not exist in ${consumer.prefix}.`,
    ];
  }
  return wanted
    .filter((name) => !producer.exports.has(name))
    .map(
      (name) =>
        `${producer.written} does not export '${name}', which is required by the '${bind}' bind of ${consumer.prefix}`,
    );
}

function normalized(mapped: readonly MappedBind[]): ReadonlyMap<string, string> {
  const map = new Map<string, string>();
  for (const { consumer, bind, producer } of mapped) {
    const before = map.get(consumer.written);
    const pair = `${bind}:${producer.written}`;
    map.set(consumer.written, before === undefined ? pair : `${before} ${pair}`);
  }
  return map;
}

/** Required binds that nobody in the composite satisfies: whoever loads it must give them. */
function unsatisfied(services: readonly CompositeService[], mapped: readonly MappedBind[]): readonly string[] {
  return services.flatMap((service) =>
    [...service.binds.keys()]
      .filter((bind) => !mapped.some((entry) => entry.consumer === service && entry.bind === bind))
      .map((bind) => `${service.written} needs --bind ${service.ident.name}:${bind}:GROUP whenever it is loaded`),
  );
}

function circle(mapped: readonly MappedBind[]): readonly string[] {
  const reaches = (from: CompositeService, to: CompositeService, seen: Set<CompositeService>): boolean =>
    mapped.some(({ consumer, producer }) => {
      if (consumer !== from || seen.has(producer)) return false;
      seen.add(producer);
      return producer === to || reaches(producer, to, seen);
    });
  const members = [...new Set(mapped.map(({ consumer }) => consumer))];
  const circular = members.filter((member) => reaches(member, member, new Set()));
  if (circular.length === 0) return [];
  return [
    `These services wait for each other through their binds: ${circular.map(({ written }) => written).join(', ')}`,
  ];
}

const problems = (found: readonly string[]) =>
  new BuildError('BUILD_COMPOSITE_INVALID', found.join('\n'), { details: { status: 1, problems: found } });
