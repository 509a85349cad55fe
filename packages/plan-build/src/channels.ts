import type { PackageIdent } from '@hab/ident';
import type { BuildSettings } from './settings.ts';

/** One try to install a dependency. */
export interface InstallAttempt {
  readonly channel: string;
  /** True: an installed package does not count, what the channel has does. */
  readonly ignoreLocal: boolean;
}

/** The tries for one dependency, in order. @see spec/plan-build, 2 and 7 */
export function installAttempts(
  ident: PackageIdent,
  settings: Pick<BuildSettings, 'channel' | 'refreshChannel' | 'fallbackChannel' | 'ignoreLocal'>,
): readonly InstallAttempt[] {
  const channel = ident.origin === 'core' ? settings.refreshChannel : settings.channel;
  const ignoreLocal =
    settings.ignoreLocal === 'all' ||
    (settings.ignoreLocal === 'core-and-chef' && ['core', 'chef'].includes(ident.origin));
  const channels = [channel, settings.fallbackChannel].filter(
    (name, at, all) => name !== '' && all.indexOf(name) === at,
  );
  return channels.map((name) => ({ channel: name, ignoreLocal }));
}
