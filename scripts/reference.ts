// Writes docs/reference from the data that `hab plan explain` shows. A test fails while the two differ.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { formatReferencePage, REFERENCE_KINDS } from '../packages/plan-parser/src/reference-index.ts';

const folder = join(import.meta.dirname, '../docs/reference');
mkdirSync(folder, { recursive: true });
for (const kind of REFERENCE_KINDS) writeFileSync(join(folder, `${kind}s.md`), formatReferencePage(kind));
