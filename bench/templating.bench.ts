// Templates against handlebars.js on what both accept: a thousand members, a long template, a first rendering.
// Handlebars runs with `noEscape`, as Habitat templates are; its loop helper is written the way its guide says.
import { type ConfigTable, createRenderer, isConfigTable, parseJson, renderTemplate } from '@hab/templating';
import Handlebars, { type HelperOptions } from 'handlebars';

import type { BenchIo } from './main.ts';
import { interleave } from './measure.ts';

const REPETITIONS = 25;
/** Turns before the first that counts: a busy machine takes its time to optimize either side. */
const WARM_UP = 10;

/** One comparison: the same text rendered by both. */
interface Subject {
  readonly name: string;
  readonly template: string;
  readonly context: string;
  /** Renderings in one measured round. */
  readonly rounds: number;
  /** How many times handlebars' speed we want. */
  readonly goal: number;
  /** Compile for every rendering. */
  readonly first: boolean;
}

const members = (count: number): object[] =>
  Array.from({ length: count }, (_, index) => ({
    member_id: `${index}`.padStart(32, '0'),
    alive: index % 10 !== 0,
    sys: { ip: `10.0.${index >> 8}.${index & 255}`, hostname: `host-${index}` },
    cfg: { port: 8080 + (index % 7), name: `member-${index}` },
  }));

const LOOP =
  'upstream backend {\n{{#eachAlive bind.backend.members as |member|}}  server {{member.sys.ip}}:{{member.cfg.port}} weight={{member.cfg.name}};{{#unless @last}}\n{{/unless}}{{/eachAlive}}\n}\n';

const LONG = Array.from({ length: 100 }, (_, index) =>
  [
    `# section ${index}`,
    `{{#if cfg.section.enabled}}listen {{cfg.section.address}}:{{cfg.section.port}}{{else}}off{{/if}}`,
    `name = "{{cfg.name}}-${index}" and {{{cfg.section.address}}}`,
    `{{#with cfg.section}}timeout {{timeout}} {{#unless tls}}plain{{/unless}}{{/with}}`,
    `{{#each cfg.list}}{{this}}={{@index}} {{/each}}`,
  ].join('\n'),
).join('\n');

const LONG_CONTEXT = JSON.stringify({
  cfg: {
    name: 'web',
    list: ['a', 'b', 'c'],
    section: { enabled: true, address: '0.0.0.0', port: 80, timeout: 30, tls: false },
  },
});

const FIRST = LONG.split('\n').slice(0, 30).join('\n');

const SUBJECTS: readonly Subject[] = [
  {
    name: 'eachAlive over 1,000 members',
    template: LOOP,
    context: JSON.stringify({ bind: { backend: { members: members(1_000) } } }),
    rounds: 100,
    goal: 1,
    first: false,
  },
  { name: 'a template of 500 lines', template: LONG, context: LONG_CONTEXT, rounds: 150, goal: 1, first: false },
  { name: 'first rendering of 30 lines', template: FIRST, context: LONG_CONTEXT, rounds: 150, goal: 3, first: true },
];

function ours(subject: Subject, context: ConfigTable): () => string {
  if (subject.first) return () => renderTemplate(subject.template, context);
  const renderer = createRenderer();
  renderer.register('t', subject.template);
  return () => renderer.render('t', context);
}

function theirs(subject: Subject, context: unknown): () => string {
  const engine = Handlebars.create();
  engine.registerHelper('eachAlive', eachAlive);
  if (subject.first) return () => engine.compile(subject.template, { noEscape: true })(context);
  const render = engine.compile(subject.template, { noEscape: true });
  return () => render(context);
}

function eachAlive(value: readonly { readonly alive: boolean }[], options: HelperOptions): string {
  const alive = value.filter((member) => member.alive);
  const data = Handlebars.createFrame(options.data);
  let text = '';
  alive.forEach((member, index) => {
    data['index'] = index;
    data['last'] = index === alive.length - 1;
    text += options.fn(member, { data, blockParams: [member, index] });
  });
  return text;
}

function repeat(count: number, render: () => string): number {
  let length = 0;
  for (let round = 0; round < count; round++) length += render().length;
  return length;
}

/** Both render by turns; the figures are for one rendering. */
export default async function run({ print }: BenchIo): Promise<void> {
  for (const subject of SUBJECTS) {
    const context = parseJson(subject.context);
    if (!isConfigTable(context)) throw new TypeError(`${subject.name}: the context is no table`);
    const render = ours(subject, context);
    const other = theirs(subject, JSON.parse(subject.context));
    if (render() !== other()) throw new Error(`${subject.name}: the two texts differ`);
    const candidates = { own: () => repeat(subject.rounds, render), foreign: () => repeat(subject.rounds, other) };
    await interleave(candidates, WARM_UP);
    const { own = Number.NaN, foreign = Number.NaN } = await interleave(candidates, REPETITIONS);
    const [us, them] = [own, foreign].map((milliseconds) => ((milliseconds * 1000) / subject.rounds).toFixed(1));
    const ratio = foreign / own;
    print(
      `${subject.name}: ${us} us, handlebars ${them} us: ${ratio.toFixed(2)} times its speed (goal ${subject.goal})`,
    );
  }
}
