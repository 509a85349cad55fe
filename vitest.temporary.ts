import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** One folder for everything that the tests of a package leave behind, gone when they are over. */
export default function setup(): () => void {
  const folder = mkdtempSync(join(tmpdir(), 'hab-t-'));
  // Tests run programs as other users, who write there too.
  chmodSync(folder, 0o1777);
  process.env['TMPDIR'] = folder;
  return () => {
    try {
      rmSync(folder, { recursive: true, force: true });
    } catch {
      // Installed packages are read-only; what still resists is not worth failing for.
      execFileSync('sh', ['-c', 'chmod -R u+rwX "$0"; rm -rf "$0" || :', folder], { stdio: 'ignore' });
    }
  };
}
