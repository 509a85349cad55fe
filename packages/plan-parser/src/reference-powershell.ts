import type { Row } from './reference.ts';

/** Helpers for `plan.ps1`. @see spec/cli 11.3 */
export const POWERSHELL_HELPERS_MEANING: readonly Row[] = [
  [
    'Get-HabPackagePath',
    'In `plan.ps1`: gives the folder of a dependency by its name.',
    undefined,
    '"$(Get-HabPackagePath zlib)/lib"',
  ],
  ['Set-RuntimeEnv', 'In `plan.ps1`: what `set_runtime_env` is; `-force` replaces, `-IsPath` for paths.'],
  ['Set-BuildtimeEnv', 'In `plan.ps1`: what `set_buildtime_env` is.'],
  ['Push-RuntimeEnv', 'In `plan.ps1`: what `push_runtime_env` is.'],
  ['Push-BuildtimeEnv', 'In `plan.ps1`: what `push_buildtime_env` is.'],
  ['Write-BuildLine', 'In `plan.ps1`: prints a line of progress.'],
  ['Set-PkgVersion', 'In `plan.ps1`: calls the function `pkg_version`, as `update_pkg_version` does.'],
  ['Resolve-HabPkgPath', 'In `plan.ps1`: gives the folder of an installed package.'],
  ['Get-UnrootedPath', 'In `plan.ps1`: gives a path without its drive and root.'],
  ['Get-Sha256', 'In `plan.ps1`: gives the SHA-256 of a file.'],
];
