import { createPlanFiles } from '@hab/plan-init';

const files = createPlanFiles({
  name: 'redis',
  origin: 'acme',
  extent: 'minimal',
  variables: { pkg_version: '7.0.15', pkg_deps: '(core/glibc core/openssl)' },
});

console.log(files.map(({ path }) => path).join(' ')); // plan.sh default.toml README.md
const lines = files[0]?.text.split('\n') ?? [];
console.log(lines[2]); // pkg_version="7.0.15"
console.log(lines.find((line) => line.startsWith('pkg_deps'))); // pkg_deps=(core/glibc core/openssl)
