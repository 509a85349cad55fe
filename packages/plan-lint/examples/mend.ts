import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { lintPlan } from '@hab/plan-lint';
import { mendPlan, readPlanSources } from '@hab/plan-lint/node';

const folder = await mkdtemp(join(tmpdir(), 'plan-'));
await writeFile(join(folder, 'plan.sh'), 'pkg_name=web\ndo_install() { rm -r $pkg_prefix/doc; }\n');

const plan = await readPlanSources(folder);
const left = await mendPlan(plan, lintPlan(plan));
console.log(left.length); // 0
console.log((await readFile(join(folder, 'plan.sh'), 'utf8')).split('\n')[1]); // do_install() { rm -r "$pkg_prefix/doc"; }
