import { createPlanFiles, detectApplication } from '@hab/plan-init';

const found = detectApplication(['README.md', 'package.json', 'index.js']);
console.log(found?.title); // Node.js

const [plan] = createPlanFiles({ name: 'shop', origin: 'acme', scaffolding: found?.scaffolding?.ident });
console.log(plan?.text.match(/^pkg_scaffolding=.*/m)?.[0]); // pkg_scaffolding="core/scaffolding-node"
