import { createHash } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

import { build } from 'vite';

const sourceOf = (name: string): string => fileURLToPath(new URL(name, import.meta.url));

/** The playground as one page without any other file; its policy allows this script and this style and nothing else. */
export async function buildPlayground(): Promise<string> {
  const [page, style, script] = await Promise.all([
    readFile(sourceOf('index.html'), 'utf8'),
    readFile(sourceOf('playground.css'), 'utf8'),
    bundle(),
  ]);
  return fill(page, {
    '<!--@SCRIPT@-->': `<script>${script}</script>`,
    '@SCRIPT_HASH@': hashOf(script),
    '<!--@STYLE@-->': `<style>${style}</style>`,
    '@STYLE_HASH@': hashOf(style),
  });
}

async function bundle(): Promise<string> {
  const result = await build({
    configFile: false,
    logLevel: 'error',
    build: {
      write: false,
      minify: true,
      target: 'es2023',
      lib: { entry: sourceOf('main.ts'), formats: ['iife'], name: 'playground' },
    },
  });
  const [output] = Array.isArray(result) ? result : [];
  const code = output?.output.map((chunk) => ('code' in chunk ? chunk.code : '')).join('') ?? '';
  // The page's parser ends a script at these words wherever they stand; escaped they mean the same to the script.
  return code.replace(/<(?=\/script|!--)/gi, '\\x3c');
}

const hashOf = (text: string): string => `sha256-${createHash('sha256').update(text).digest('base64')}`;

/** One pass: a name inside a value stays as it is. */
function fill(page: string, values: Readonly<Record<string, string>>): string {
  return page.replace(/<!--@[A-Z]+@-->|@[A-Z_]+@/g, (name) => values[name] ?? name);
}

if (import.meta.main) {
  const folder = fileURLToPath(new URL('../../../docs/playground/dist/', import.meta.url));
  await mkdir(folder, { recursive: true });
  await writeFile(`${folder}index.html`, await buildPlayground());
}
