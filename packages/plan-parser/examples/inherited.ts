import { readBashPlan } from '@hab/plan-parser';

const files = new Map([
  ['/plans/gcc/plan.sh', 'pkg_name=gcc\npkg_deps=(core/glibc core/gmp)\ndo_check() { make check; }\n'],
  ['/plans/gcc-libs/plan.sh', 'source ../gcc/plan.sh\npkg_name=gcc-libs\npkg_deps=(core/glibc)\nunset -f do_check\n'],
]);

const path = '/plans/gcc-libs/plan.sh';
const plan = readBashPlan(files.get(path) ?? '', { path, readFile: (name) => files.get(name) });
console.log(plan.settings.get('pkg_deps')?.value); // [ 'core/glibc' ]
console.log(plan.callbacks.length); // 0
