import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';

import { buildPlayground } from '../../packages/templating/playground/build.ts';
import { BrowserPage } from './browser.ts';
import { checkout } from './harness.ts';

const TEMPLATE = `upstream {{cfg.name}} {
{{~#eachAlive bind.web.members as |member|}}
  server {{member.sys.ip}}:{{member.cfg.port}};
{{~/eachAlive}}
}
{{toYaml cfg.tls}}`;
const CONFIG = 'name = "web"\n\n[tls]\nsince = 2018-07-10\nport = 9223372036854775807\n';

interface Card {
  readonly dialect: string;
  readonly text: string;
}

async function cards(page: BrowserPage): Promise<readonly Card[]> {
  const list = await page.evaluate(`JSON.stringify([...document.querySelectorAll('#results .card')].map((card) => ({
    dialect: card.querySelector('h3').firstChild.textContent, text: card.querySelector('pre').textContent })))`);
  return JSON.parse(String(list));
}

test('a reader types a template and a configuration and sees the result in each dialect', async () => {
  const file = join(mkdtempSync(join(tmpdir(), 'hab-page-')), 'index.html');
  writeFileSync(file, await buildPlayground());
  await using page = await BrowserPage.open(file);
  expect((await cards(page)).map(({ dialect }) => dialect)).toEqual(['documented', '2.1', 'legacy']);

  await page.type('#template', TEMPLATE);
  await page.type('#config', CONFIG);
  const servers = [1, 2, 3].map((host) => `server 198.51.100.${host}:8080;`);
  const yaml = 'since:\n  $__toml_private_datetime: 2018-07-10\nport: 9223372036854775807\n';
  expect(await cards(page)).toEqual([
    {
      dialect: 'documented',
      text: `upstream web {\n  ${servers.join('\n  ')}\n}\nsince: 2018-07-10\nport: 9223372036854775807\n`,
    },
    { dialect: '2.1', text: `upstream web {${servers.map((line) => `  ${line}`).join('')}}\n${yaml}` },
    { dialect: 'legacy', text: `upstream web {\n  ${servers.join('\n  ')}\n}\n${yaml}` },
  ]);
  // The picture in the documentation: made anew with `UPDATE_SCREENSHOT=1`.
  const picture = await page.screenshot();
  expect(picture.length).toBeGreaterThan(20_000);
  if (process.env['UPDATE_SCREENSHOT'] === '1')
    writeFileSync(join(checkout, 'docs/playground/screenshot.png'), picture);

  await page.type('#config', 'name = no');
  expect(await page.evaluate(`document.querySelector('#findings').textContent`)).toContain('toml-syntax');
  await page.type('#template', '{{#if cfg.name}}');
  await page.type('#config', '');
  expect((await cards(page)).map(({ text }) => /never closed/.test(text))).toEqual([true, true, true]);
  expect(page.complaints).toEqual([]);
});

test('the policy of the page holds: a script that somebody slips in does not run', async () => {
  const file = join(mkdtempSync(join(tmpdir(), 'hab-page-')), 'index.html');
  const page = await buildPlayground();
  writeFileSync(file, page.replace('</main>', '</main><script>document.title = "changed"</script>'));
  await using browser = await BrowserPage.open(file);
  expect(await browser.evaluate('document.title')).toBe('Habitat templates: playground');
  expect(browser.complaints.join()).toContain('Content Security Policy');
  expect(await cards(browser)).toHaveLength(3);
});
