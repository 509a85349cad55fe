import { MAX_DOCUMENT_BYTES, readDocument } from '@hab/ctl';
import { formatServiceGroup, type ServiceGroup } from '@hab/ident';
import {
  type ConfigTable,
  type ConfigValue,
  EMPTY_TABLE,
  isConfigArray,
  isConfigTable,
  parseJson,
} from '@hab/templating';
import { askExtended } from './ask-extended.ts';
import type { CommandContext } from './context.ts';
import { failed } from './errors.ts';
import { toWireGroup } from './load-options.ts';
import { openSession } from './supervisor-session.ts';

/** What a Supervisor tells about the configuration of a group. */
export interface InspectedGroup {
  /** All of it. */
  readonly document: ConfigTable;
  readonly config: ConfigTable;
  /** Of each value the name of its layer. */
  readonly sources: ConfigTable;
  /** What to call each layer: where it was read. */
  readonly layers: ReadonlyMap<string, string>;
  readonly problem: string | undefined;
  /** What templates see, when it was asked for. */
  readonly context: ConfigTable | undefined;
}

/** Asks the Supervisor for the configuration of a service group and, if wished, all that its templates see. */
export async function inspectGroup(
  group: ServiceGroup,
  { remoteSup, context: withContext }: { readonly remoteSup: string | undefined; readonly context: boolean },
  context: CommandContext,
): Promise<InspectedGroup> {
  const session = await openSession(context, remoteSup);
  const request = { type: 'SvcInspect', serviceGroup: toWireGroup(group), context: withContext } as const;
  const text = await askExtended(() => readDocument(session.ask(request)));
  const document = parseJson(text, { source: `the answer of ${session.address}`, maxBytes: MAX_DOCUMENT_BYTES });
  if (!isConfigTable(document))
    throw failed(`${session.address} answered something else for ${formatServiceGroup(group)}`);
  const layers = document.get('layers');
  const problem = document.get('problem');
  return {
    document,
    config: tableAt(document, 'config'),
    sources: tableAt(document, 'sources'),
    layers: new Map((isConfigArray(layers) ? layers : []).map(layerName)),
    problem: typeof problem === 'string' ? problem : undefined,
    context: withContext ? tableAt(document, 'context') : undefined,
  };
}

function tableAt(document: ConfigTable, key: string): ConfigTable {
  const value = document.get(key);
  return isConfigTable(value) ? value : EMPTY_TABLE;
}

function layerName(layer: ConfigValue): [string, string] {
  const table = isConfigTable(layer) ? layer : EMPTY_TABLE;
  const name = String(table.get('name'));
  const version = table.get('version');
  const source = String(table.get('source'));
  return [name, `${name}, ${source}${typeof version === 'bigint' ? ` version ${version}` : ''}`];
}
