import { execFile } from 'node:child_process';
import { mkdtempSync, rmdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

/**
 * A root of its own for a program: everything of the machine, and an empty `/hab` that goes away with it. `$1` is an
 * empty directory; the rest is the command.
 */
const SCRIPT = `
set -e
root=$1; shift
mount -t tmpfs -o mode=0755 none "$root"
for entry in /*; do
  name=\${entry#/}
  case $name in hab) continue ;; esac
  if [ -L "$entry" ]; then ln -s "$(readlink "$entry")" "$root/$name"
  elif [ -d "$entry" ]; then mkdir "$root/$name"; mount --rbind "$entry" "$root/$name"
  fi
done
mkdir "$root/hab"
exec unshare --root="$root" --wd="$PWD" -- "$@"
`;

/** Runs a program where \`/hab\` is empty and private, as root or as anybody who may make namespaces. */
export async function runInPrivateRoot(file: string, args: readonly string[]): Promise<string> {
  const root = mkdtempSync(join(tmpdir(), 'hab-root-'));
  const user = process.getuid?.() === 0 ? [] : ['--user', '--map-root-user'];
  try {
    const { stdout } = await promisify(execFile)(
      'unshare',
      [...user, '--mount', '--propagation', 'private', 'sh', '-c', SCRIPT, 'sh', root, file, ...args],
      { encoding: 'utf8', maxBuffer: 256 * 1024 * 1024 },
    );
    return stdout;
  } finally {
    rmdirSync(root);
  }
}
