import { readBashPlan } from '@hab/plan-parser';

const text = 'pkg_name=x\npkg_deps=(core/bash)\ndo_install() {\n  cp "$(pkg_path_for core/bash)/bin/sh" .\n}\n';
const plan = readBashPlan(text);

const line = (offset: number): number => text.slice(0, offset).split('\n').length;
const deps = plan.settings.get('pkg_deps')?.span;
console.log(deps && text.slice(deps.start, deps.end)); // pkg_deps=(core/bash)
for (const { name, words, span } of plan.helpers) console.log(`${line(span.start)}: ${name} ${words}`); // 4: pkg_path_for core/bash
