import type { LintFinding } from '../src/offline/index.ts';
import { type DialectResult, evaluate } from './evaluate.ts';

const byId = <T extends HTMLElement>(id: string, type: new () => T): T => {
  const found = document.getElementById(id);
  if (!(found instanceof type)) throw new TypeError(`the page has no ${type.name} "${id}"`);
  return found;
};

const template = byId('template', HTMLTextAreaElement);
const config = byId('config', HTMLTextAreaElement);
const results = byId('results', HTMLElement);
const findings = byId('findings', HTMLElement);

/** Both texts travel in the address's fragment, which no server sees. */
function readAddress(): void {
  const given = new URLSearchParams(location.hash.slice(1));
  template.value = given.get('template') ?? template.value;
  config.value = given.get('config') ?? config.value;
}

function writeAddress(): void {
  const given = new URLSearchParams({ template: template.value, config: config.value });
  history.replaceState(null, '', `#${given}`);
}

function show(): void {
  const evaluation = evaluate(template.value, config.value);
  results.replaceChildren(...evaluation.results.map(resultCard));
  const lines = [
    ...evaluation.configFindings.map((finding) => findingItem('default.toml', finding)),
    ...evaluation.templateFindings.map((finding) => findingItem('template', finding)),
  ];
  findings.replaceChildren(...(lines.length > 0 ? lines : [element('li', 'none', 'Nothing to say.')]));
}

function resultCard(result: DialectResult): HTMLElement {
  const card = element('section', result.differs ? 'card differs' : 'card');
  const title = element('h3', '', result.dialect);
  if (result.differs) title.append(element('small', '', 'differs from documented'));
  const body = 'text' in result ? element('pre', '', result.text) : element('pre', 'problem', result.problem);
  body.tabIndex = 0;
  body.setAttribute('role', 'region');
  body.setAttribute('aria-label', `Result in ${result.dialect}`);
  card.append(title, body);
  return card;
}

function findingItem(file: string, finding: LintFinding): HTMLElement {
  const item = element('li', finding.severity);
  const where = `${file} ${finding.line}:${finding.column} ${finding.rule}`;
  item.append(element('b', '', where), ` ${finding.message}`, element('pre', '', finding.excerpt), finding.hint);
  return item;
}

/** Text only ever becomes text: what a reader types is never markup. */
function element(name: string, className: string, text = ''): HTMLElement {
  const made = document.createElement(name);
  if (className !== '') made.className = className;
  made.textContent = text;
  return made;
}

readAddress();
show();
for (const field of [template, config]) {
  field.addEventListener('input', show);
  field.addEventListener('change', writeAddress);
}
addEventListener('hashchange', () => {
  readAddress();
  show();
});
