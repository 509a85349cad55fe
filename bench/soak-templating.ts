// A million renderings in each dialect's engine: the heap afterwards is the heap after the first hundred thousand.
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

import { createRenderer, type Renderer, readsChanged, type TemplateDialect, toConfigTable } from '@hab/templating';
import type { BenchIo } from './main.ts';

const RENDERINGS = 1_000_000;
const WARM_UP = 100_000;
/** What the collector may leave lying about. */
const ALLOWED_GROWTH_BYTES = 4 * 1_048_576;

const TEMPLATE =
  'port = {{cfg.port}}\n{{#each cfg.list as |item|}}{{item}}={{@index}}{{#unless @last}},{{/unless}}{{/each}}\n{{> line}}{{toJson cfg.table}}\n';
const PARTIAL = '{{#if cfg.on}}on {{cfg.name}}{{else}}off{{/if}}\n';

function makeRenderer(dialect: TemplateDialect): Renderer {
  const renderer = createRenderer({ dialect });
  renderer.register('line', PARTIAL);
  renderer.register('t', TEMPLATE);
  return renderer;
}

function soak(dialect: TemplateDialect, collect: () => void): number {
  const renderer = makeRenderer(dialect);
  let settled = 0;
  let length = 0;
  for (let round = 0; round < RENDERINGS; round++) {
    const context = toConfigTable({
      cfg: { port: round, name: `n${round}`, on: round % 2 === 0, list: ['a', 'b', round], table: { k: [1, round] } },
    });
    length += renderer.render('t', context).length;
    if (round % 1_000 === 0) {
      const { reads } = renderer.renderTracked('t', context);
      if (readsChanged(reads, context, context)) throw new Error('an unchanged context counts as changed');
    }
    if (round === WARM_UP) {
      collect();
      settled = process.memoryUsage().heapUsed;
    }
  }
  collect();
  if (length === 0) throw new Error('nothing was rendered');
  return process.memoryUsage().heapUsed - settled;
}

/** @throws when an engine's heap grew. */
export default async function run({ print }: BenchIo): Promise<void> {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  for (const dialect of ['documented', 'legacy'] as const) {
    const growth = soak(dialect, collect);
    const shown = `${growth >= 0 ? '+' : ''}${(growth / 1024).toFixed(0)} kB`;
    print(`${RENDERINGS.toLocaleString('en')} renderings, ${dialect}: heap ${shown}`);
    if (growth >= ALLOWED_GROWTH_BYTES) throw new Error(`the heap of ${dialect} grew by ${shown}`);
  }
}
