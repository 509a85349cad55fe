import type { TemplateLimits } from '@hab/templating';

/**
 * What one template of a service may cost: a Supervisor answers nobody while it renders. The largest real ones, with a
 * thousand members each, stay below a hundredth of it.
 */
export const SERVICE_TEMPLATE_LIMITS: Partial<TemplateLimits> = {
  outputCharacters: 16 * 1_048_576,
  steps: 2_000_000,
  work: 2_000_000,
};
