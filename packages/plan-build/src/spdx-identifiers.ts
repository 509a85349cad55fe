import deprecated from 'spdx-license-ids/deprecated.json' with { type: 'json' };
import current from 'spdx-license-ids/index.json' with { type: 'json' };

/** Every identifier of the SPDX licence list, those that a newer one replaced behind the rest. */
export const SPDX_IDENTIFIERS: readonly string[] = [...current, ...deprecated];
