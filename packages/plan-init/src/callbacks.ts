/** One callback of a new plan, in the order in which a build calls them. */
export interface CallbackTemplate {
  /** Without `do_`. */
  readonly name: string;
  /** The same, as PowerShell has it after `Invoke-`. */
  readonly powershell: string | undefined;
  /** Also in a minimal plan. */
  readonly minimal?: true;
  /** The build has no default to call. */
  readonly empty?: true;
  readonly about: string;
}

export const CALLBACKS: readonly CallbackTemplate[] = [
  {
    name: 'begin',
    powershell: 'Begin',
    about: 'Comes first. No dependency is there yet, and no source; the default does nothing.',
  },
  { name: 'download', powershell: 'Download', about: 'Brings the source archive. The default downloads pkg_source.' },
  {
    name: 'verify',
    powershell: 'Verify',
    about: 'Makes sure that it is the right one. The default compares its SHA-256 with pkg_shasum.',
  },
  {
    name: 'clean',
    powershell: 'Clean',
    about: 'Removes what an earlier build left. The default removes the folder that the archive was unpacked to.',
  },
  { name: 'unpack', powershell: 'Unpack', about: 'Unpacks the archive. The default knows the usual formats.' },
  {
    name: 'prepare',
    powershell: 'Prepare',
    about: 'The place for patches, and for variables that the compiler is to see. The default does nothing.',
  },
  {
    name: 'build',
    powershell: 'Build',
    minimal: true,
    about: 'Compiles. The default runs ./configure with the prefix of the package, then make.',
  },
  {
    name: 'check',
    powershell: 'Check',
    empty: true,
    about: 'Runs the tests of the software, when the build is started with DO_CHECK=1. There is no default.',
  },
  {
    name: 'install',
    powershell: 'Install',
    minimal: true,
    about:
      'Puts the result into the package: whatever lies below $pkg_prefix afterwards. The default runs make install.',
  },
  {
    name: 'strip',
    powershell: undefined,
    about: 'Makes programs and libraries smaller: the default removes their debugging symbols.',
  },
  { name: 'end', powershell: 'End', about: 'Comes last: the package is finished. The default does nothing.' },
];

/** What PowerShell builds do where bash has a default of its own. */
export const POWERSHELL_ABOUT: Readonly<Record<string, string>> = {
  unpack: 'Unpacks the archive. The default knows zip files.',
  build: 'Compiles. There is no default command: say here what is to be run.',
  install: 'Puts the result into the package: whatever lies below $pkg_prefix afterwards. There is no default command.',
};
