import { readBashPlan } from '@hab/plan-parser';

const plan = readBashPlan(`
pkg_name=redis
pkg_origin=core
pkg_version=7.0.15
pkg_source="http://download.example/\${pkg_name}-\${pkg_version%.*}/\${pkg_name}-\${pkg_version}.tar.gz"
pkg_deps=(core/glibc)
pkg_shasum=$(curl --silent http://download.example/sum)
do_check() { make test; }
`);

console.log(plan.settings.get('pkg_source')?.value); // http://download.example/redis-7.0/redis-7.0.15.tar.gz
console.log(plan.settings.get('pkg_shasum')?.reason); // the output of curl
console.log(plan.callbacks.join(' ')); // do_check
