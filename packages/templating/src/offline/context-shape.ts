import type { ConfigTable } from '../values.ts';
import { EMPTY_TABLE, valueAt } from '../values.ts';
import { sampleContext } from './sample-context.ts';
import { ANY, type Shape, shapeOf, tableShape } from './shapes.ts';

/** What the linter is told about the package. Everything that is left out may be anything. */
export interface ContextKnowledge {
  /** `default.toml` of the package. */
  readonly defaults?: ConfigTable | undefined;
  /** Keys that the package exports. */
  readonly exports?: readonly string[] | undefined;
  /** Binds, required and optional, and the keys that each needs. */
  readonly binds?: ReadonlyMap<string, readonly string[]> | undefined;
  /** `install`: the template is an install or uninstall hook or stands in `config_install`. @defaultValue 'service' */
  readonly use?: 'service' | 'install' | undefined;
}

/** The shape of the whole context: `sys`, `pkg`, `cfg`, `svc`, `bind` with the fields of the originals. */
export function contextShape(knowledge: ContextKnowledge): Shape {
  const sample = sampleContext({ cfg: knowledge.defaults ?? EMPTY_TABLE });
  const cfg = knowledge.defaults === undefined ? ANY : shapeOf(knowledge.defaults);
  const pkg = packageShape(sample, knowledge.use === 'install');
  if (knowledge.use === 'install') return tableShape({ pkg, cfg });
  const own = memberShape(sample, knowledge.exports);
  const group = shapeOf(sample.get('svc'));
  const people = {
    me: own,
    members: { type: 'list', item: own } as const,
    leader: own,
    first: own,
    update_leader: own,
  };
  const svc =
    group.type === 'table' ? { ...group, members: new Map([...group.members, ...Object.entries(people)]) } : ANY;
  return tableShape({ sys: shapeOf(sample.get('sys')), pkg, cfg, svc, bind: bindShape(sample, knowledge.binds) });
}

function packageShape(sample: ConfigTable, install: boolean): Shape {
  const shape = shapeOf(sample.get('pkg'));
  if (shape.type !== 'table') return shape;
  const text: Shape = { type: 'scalar' };
  const ident = tableShape({ origin: text, name: text, version: text, release: text });
  const members = new Map([
    ...shape.members,
    ['deps', { type: 'list', item: ident }] as const,
    ['env', ANY] as const,
    ['exports', ANY] as const,
    ['exposes', { type: 'list', item: text }] as const,
  ]);
  if (install) members.set('svc_config_install_path', text);
  return { ...shape, members };
}

function memberShape(sample: ConfigTable, exported: readonly string[] | undefined): Shape {
  const shape = shapeOf(valueAt(sample, ['svc', 'me']));
  if (shape.type !== 'table') return shape;
  const cfg = exported === undefined ? ANY : tableShape(Object.fromEntries(exported.map((key) => [key, ANY])));
  return { ...shape, members: new Map([...shape.members, ['cfg', cfg], ['org', ANY]]) };
}

function bindShape(sample: ConfigTable, binds: ContextKnowledge['binds']): Shape {
  const entry = (exported: readonly string[] | undefined): Shape => {
    const member = memberShape(sample, exported);
    return tableShape({ first: member, leader: member, members: { type: 'list', item: member } });
  };
  if (binds === undefined) return tableShape({}, entry(undefined));
  // A group may export more than the bind needs, and nobody can rely on it.
  return tableShape(Object.fromEntries([...binds].map(([name, keys]) => [name, entry(keys)])));
}
