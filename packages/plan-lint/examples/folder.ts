import { lintPlan } from '@hab/plan-lint';
import { readPlanSources } from '@hab/plan-lint/node';

const plan = await readPlanSources(`${import.meta.dirname}/web`, { lenient: true });
const findings = lintPlan(plan).map(({ file, line, rule, hint }) => `${file}:${line} ${rule}: ${hint}`);

console.log(findings[0]); // config/web.conf:1 unknown-path: Did you mean "port"?
console.log(findings[1]); // plan.sh:5 unknown-licence: Use an identifier of the SPDX list, or LicenseRef-NAME for a licence of its own.
console.log(findings.length); // 2
