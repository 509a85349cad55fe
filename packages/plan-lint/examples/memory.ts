import { applyFixes, createPlanSources, lintPlan } from '@hab/plan-lint';

const text = 'pkg_name=web\npkg_binds=( [db] = "port" )\n';
const plan = createPlanSources([
  ['plan.sh', text],
  ['hooks/runn', '#!/bin/sh\nexec web\n'],
]);
const findings = lintPlan(plan);
console.log(`${findings[0]?.file}: ${findings[0]?.hint}`); // hooks/runn: Did you mean run?

const fixes = findings.flatMap(({ file, fix }) => (file === 'plan.sh' && fix !== undefined ? [fix] : []));
console.log(applyFixes(text, fixes).split('\n')[1]); // pkg_binds=( [db]="port" )
