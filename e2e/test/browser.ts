import { type ChildProcess, spawn } from 'node:child_process';
import { globSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';

import { debianPackages } from '../../scripts/debian.ts';

interface Answer {
  readonly id?: number;
  readonly method?: string;
  readonly params?: Readonly<Record<string, unknown>>;
  readonly result?: Readonly<Record<string, unknown>>;
  readonly error?: { readonly message: string };
  readonly sessionId?: string;
}
type Fields = Readonly<Record<string, unknown>>;

/** Fonts come with it: a page without any shows boxes. */
const PACKAGES = ['chromium', 'fonts-dejavu-core'];

/** One page in a headless Chromium, driven over a pipe. */
export class BrowserPage implements AsyncDisposable {
  /** What the page complained about, refusals of its own policy included. */
  readonly complaints: string[] = [];
  readonly #process: ChildProcess;
  readonly #home: string;
  readonly #waiting = new Map<number, (answer: Answer) => void>();
  readonly #events = new Map<string, () => void>();
  #session: string | undefined;
  #last = 0;

  private constructor(process: ChildProcess, home: string) {
    this.#process = process;
    this.#home = home;
    let pending = '';
    const output = process.stdio[4] as Readable;
    output.setEncoding('utf8').on('data', (chunk: string) => {
      const messages = (pending + chunk).split('\0');
      pending = messages.pop() ?? '';
      for (const message of messages) this.#take(JSON.parse(message));
    });
    process.once('exit', () => {
      for (const done of this.#waiting.values()) done({ error: { message: 'the browser ended' } });
    });
  }

  static async open(file: string): Promise<BrowserPage> {
    const { root, env } = debianPackages(PACKAGES);
    const home = mkdtempSync(join(tmpdir(), 'hab-browser-'));
    const fonts = join(home, 'fonts.conf');
    writeFileSync(
      fonts,
      `<fontconfig><dir>${root}/usr/share/fonts</dir><cachedir>${home}/cache</cachedir></fontconfig>`,
    );
    // Libraries that only one package uses lie beside the others.
    const libraries = globSync('usr/lib/*/pulseaudio', { cwd: root }).map((folder) => join(root, folder));
    const path = [env.LD_LIBRARY_PATH, ...libraries].join(':');
    const options = ['--headless=new', '--remote-debugging-pipe', '--disable-gpu', '--disable-dev-shm-usage'];
    const more = ['--window-size=1200,1000', '--force-color-profile=srgb', `--user-data-dir=${home}/data`];
    // Its own sandbox needs more rights than a test has; the page is ours.
    const child = spawn(join(root, 'usr/lib/chromium/chromium'), [...options, ...more, '--no-sandbox', 'about:blank'], {
      env: { ...process.env, ...env, LD_LIBRARY_PATH: path, HOME: home, FONTCONFIG_FILE: fonts },
      stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'],
    });
    // A browser that ends at once is told of by whoever asks it something.
    for (const pipe of [child.stdio[3], child.stdio[4]]) pipe?.on('error', () => undefined);
    const page = new BrowserPage(child, home);
    const { targetId } = await page.#ask('Target.createTarget', { url: 'about:blank' });
    const { sessionId } = await page.#ask('Target.attachToTarget', { targetId, flatten: true });
    page.#session = String(sessionId);
    for (const domain of ['Page', 'Runtime', 'Log']) await page.#ask(`${domain}.enable`);
    const loaded = new Promise<void>((resolve) => page.#events.set('Page.loadEventFired', resolve));
    await page.#ask('Page.navigate', { url: `file://${file}` });
    await loaded;
    return page;
  }

  /** Value of an expression in the page. */
  async evaluate(expression: string): Promise<unknown> {
    const answer = await this.#ask('Runtime.evaluate', { expression, returnByValue: true });
    if (answer['exceptionDetails'] !== undefined) throw new Error(JSON.stringify(answer['exceptionDetails']));
    return (answer['result'] as { value?: unknown }).value;
  }

  /** Replaces what is in a field as a person does: select all, type. */
  async type(selector: string, text: string): Promise<void> {
    const field = `document.querySelector(${JSON.stringify(selector)})`;
    await this.evaluate(`${field}.focus(); ${field}.select()`);
    await this.#ask('Input.insertText', { text });
  }

  /** The page as a PNG. */
  async screenshot(): Promise<Uint8Array> {
    const { data } = await this.#ask('Page.captureScreenshot', { format: 'png' });
    return Buffer.from(String(data), 'base64');
  }

  #ask(method: string, params: Fields = {}): Promise<Fields> {
    const id = ++this.#last;
    const input = this.#process.stdio[3] as Writable;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, ({ result = {}, error }) => {
        if (error === undefined) resolve(result);
        else reject(new Error(`${method}: ${error.message}`));
      });
      input.write(`${JSON.stringify({ id, method, params, sessionId: this.#session })}\0`);
    });
  }

  #take(answer: Answer): void {
    if (answer.id !== undefined) {
      this.#waiting.get(answer.id)?.(answer);
      this.#waiting.delete(answer.id);
    }
    const { method = '', params } = answer;
    if (method === 'Log.entryAdded' || method === 'Runtime.exceptionThrown')
      this.complaints.push(JSON.stringify(params));
    this.#events.get(method)?.();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const ended = new Promise((resolve) => this.#process.once('exit', resolve));
    this.#process.kill('SIGKILL');
    await ended;
    rmSync(this.#home, { recursive: true, force: true, maxRetries: 5 });
  }
}
