// Templates against handlebars.js on what both accept: a thousand members, a long template, a first rendering.
// Handlebars runs with `noEscape`, as Habitat templates are; its loop helper is written the way its guide says.
import { createRequire } from 'node:module';

import { createRenderer, parseJson, renderTemplate } from '../packages/templating/src/index.ts';
import type { ConfigTable } from '../packages/templating/src/values.ts';

/** Where the figures go; `process.stdout` fits. */
interface BenchOutput {
  write(text: string): unknown;
}

interface Handlebars {
  create(): Handlebars;
  compile(text: string, options: object): (context: unknown) => string;
  registerHelper(name: string, helper: (this: unknown, value: unknown, options: HelperOptions) => string): void;
  createFrame(data: object): Record<string, unknown>;
}
interface HelperOptions {
  readonly data: object;
  readonly fn: (context: unknown, options: object) => string;
  readonly inverse: (context: unknown) => string;
}

const handlebars: Handlebars = createRequire(new URL('../packages/templating/package.json', import.meta.url))(
  'handlebars',
);

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
    rounds: 300,
    goal: 1,
    first: false,
  },
  { name: 'a template of 500 lines', template: LONG, context: LONG_CONTEXT, rounds: 500, goal: 1, first: false },
  { name: 'first rendering of 30 lines', template: FIRST, context: LONG_CONTEXT, rounds: 500, goal: 3, first: true },
];

/** Best of several rounds, in microseconds for one rendering: the machine is shared. */
function measure(rounds: number, render: () => string): number {
  let best = Number.POSITIVE_INFINITY;
  let length = 0;
  for (let repetition = 0; repetition < 12; repetition++) {
    const start = performance.now();
    for (let round = 0; round < rounds; round++) length += render().length;
    best = Math.min(best, (performance.now() - start) / rounds);
  }
  if (length === 0) throw new Error('nothing was rendered');
  return best * 1_000;
}

function ours(subject: Subject, context: ConfigTable): () => string {
  if (subject.first) return () => renderTemplate(subject.template, context);
  const renderer = createRenderer();
  renderer.register('t', subject.template);
  return () => renderer.render('t', context);
}

function theirs(subject: Subject, context: unknown): () => string {
  const engine = handlebars.create();
  engine.registerHelper('eachAlive', eachAlive);
  if (subject.first) return () => engine.compile(subject.template, { noEscape: true })(context);
  const render = engine.compile(subject.template, { noEscape: true });
  return () => render(context);
}

function eachAlive(this: unknown, value: unknown, options: HelperOptions): string {
  const alive = (value as { alive: boolean }[]).filter((member) => member.alive);
  const data = handlebars.createFrame(options.data);
  let text = '';
  alive.forEach((member, index) => {
    data['index'] = index;
    data['last'] = index === alive.length - 1;
    text += options.fn(member, { data, blockParams: [member, index] });
  });
  return text;
}

/** @returns true when every goal is met. */
export default async function run(output: BenchOutput = process.stdout): Promise<boolean> {
  let met = true;
  for (const subject of SUBJECTS) {
    // A JSON object, so a table.
    const render = ours(subject, parseJson(subject.context) as ConfigTable);
    const other = theirs(subject, JSON.parse(subject.context));
    if (render() !== other()) throw new Error(`${subject.name}: the two texts differ`);
    const [own, foreign] = [measure(subject.rounds, render), measure(subject.rounds, other)];
    const ratio = foreign / own;
    met &&= ratio >= subject.goal;
    output.write(
      `${subject.name}: ${own.toFixed(1)} us, handlebars ${foreign.toFixed(1)} us: ${ratio.toFixed(2)} times its speed (goal ${subject.goal})\n`,
    );
  }
  return met;
}
