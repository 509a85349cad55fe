import { execFileSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';

import { readPlanFile, readPlanNeighbour } from '../src/node/index.ts';

const fresh = (): string => mkdtempSync(join(tmpdir(), 'hab-plan-'));

test('devices, pipes and directories that a plan reads do not hold it up', async () => {
  const folder = fresh();
  execFileSync('mkfifo', [join(folder, 'pipe')]);
  writeFileSync(join(folder, 'plan.sh'), 'pkg_name=x\nsource /dev/zero\nsource ./pipe\nsource /tmp\npkg_version=1\n');
  const { settings } = await readPlanFile(join(folder, 'plan.sh'));
  expect([settings.get('pkg_name')?.value, settings.get('pkg_version')?.value]).toEqual(['x', '1']);
});

test('the plan itself must be a file, and not too large', async () => {
  const folder = fresh();
  execFileSync('mkfifo', [join(folder, 'plan.sh')]);
  await expect(readPlanFile(join(folder, 'plan.sh'))).rejects.toMatchObject({ code: 'CORE_FILE_REFUSED' });
  const large = join(fresh(), 'plan.sh');
  writeFileSync(large, 'x'.repeat(8_000_001));
  await expect(readPlanFile(large)).rejects.toThrow('longer than 8000000 bytes');
  expect(readPlanNeighbour(large)).toBeUndefined();
});
