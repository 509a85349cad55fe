import { licenceWarnings, SPDX_IDENTIFIERS } from '@hab/plan-build';
import { lintPlan as lintText } from '@hab/plan-parser/lint';
import { type ConfigTable, valueAt } from '@hab/templating';

import type { PlanFinding } from './finding.ts';
import { tryDefaults } from './parse-defaults.ts';
import type { PlanText } from './plan-metadata.ts';
import type { PlanSources } from './plan-sources.ts';
import { TextPlaces } from './text-places.ts';

/** Rules of plans themselves, compared with the defaults beside them. */
export function* planTextRules({ texts, defaults }: PlanSources): Generator<PlanFinding> {
  const table = defaults === undefined ? undefined : tryDefaults(defaults);
  for (const source of texts) yield* rulesOfText(source, table);
}

function* rulesOfText({ file, path, text, reading }: PlanText, table: ConfigTable | undefined): Generator<PlanFinding> {
  const findings = lintText({
    reading,
    text,
    path,
    hasDefault: table === undefined ? undefined : (dotted) => valueAt(table, dotted.split('.')) !== undefined,
    judgeLicences: (licences) => licenceWarnings(licences, SPDX_IDENTIFIERS),
  });
  const places = new TextPlaces(text);
  for (const { span, fix, ...finding } of findings) {
    const place = { file, ...finding, ...places.at(span.start) };
    yield fix === undefined ? place : { ...place, fix: { start: fix.span.start, end: fix.span.end, text: fix.text } };
  }
}
