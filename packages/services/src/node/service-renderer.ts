import type { ServiceHook } from '../hooks.ts';
import type { ChangeReaction } from '../lifecycle.ts';

/** What one rendering changed. */
export interface Rendered {
  readonly reaction: ChangeReaction | undefined;
  /**
   * Called once the reaction is on its way: until then whoever comes after a Supervisor that died takes the change back
   * and makes it again, so that the service hears of it.
   */
  readonly settle: () => Promise<void>;
}

/** Renders a service's hooks and configuration; see `ServiceFiles`. */
export interface ServiceRenderer {
  /** @throws when a template fails: nothing was written then. */
  render(): Promise<Rendered>;
  has(hook: ServiceHook): boolean;
}
