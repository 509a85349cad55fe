import { quoteWord } from './shell-text.ts';

/** How to unpack a file: the programs it takes, and bash text that does it in the directory of the file. */
export interface UnpackSteps {
  readonly tools: readonly string[];
  readonly script: string;
}

interface ArchiveKind {
  readonly endings: readonly string[];
  readonly tools: readonly string[];
  /** @param file - The quoted file name. @param bare - The quoted name without its ending. */
  readonly script: (file: string, bare: string, target: string) => string;
}

const tar = (endings: readonly string[], ...tools: readonly string[]): ArchiveKind => ({
  endings,
  tools: ['tar', ...tools],
  script: (file) => `command "$_tar_cmd" xf ${file} --no-same-owner`,
});
/** One compressed file: written beside the archive, which stays. */
const single = (endings: readonly string[], tool: string, options: string): ArchiveKind => ({
  endings,
  tools: [tool],
  script: (file, bare) => `command ${tool} ${options} ${file} >${bare}.part && command mv -f -- ${bare}.part ${bare}`,
});

/** Kinds by the end of the name; the first that fits. @see spec/plan-build, 6.3 and 18.9 */
const KINDS: readonly ArchiveKind[] = [
  tar(['.tar.bz2', '.tbz2', '.tbz'], 'bzip2'),
  tar(['.tar.gz', '.tgz', '.tar.Z'], 'gzip'),
  tar(['.tar']),
  tar(['.tar.xz', '.txz'], 'xz'),
  tar(['.tar.lzma', '.tlz'], 'xz'),
  tar(['.tar.zst', '.tzst'], 'zstd'),
  tar(['.tar.lz'], 'lzip'),
  // Usually an archive, whatever its name leaves out; else one compressed file.
  {
    endings: ['.xz'],
    tools: ['tar', 'xz'],
    script: (file, bare) =>
      `if [[ -n $(command "$_tar_cmd" tf ${file} 2>/dev/null | command head -n 1) ]]; then command "$_tar_cmd" xf ${file} --no-same-owner; else command xz -dc ${file} >${bare}; fi`,
  },
  single(['.lzma'], 'xz', '--format=lzma -dc'),
  single(['.bz2'], 'bzip2', '-dc'),
  single(['.gz', '.Z'], 'gzip', '-dc'),
  single(['.zst'], 'zstd', '-dcq'),
  { endings: ['.rar'], tools: ['rar'], script: (file) => `command rar x -o+ ${file}` },
  { endings: ['.7z'], tools: ['7z'], script: (file) => `command 7z x -y ${file}` },
  { endings: ['.zip'], tools: ['unzip'], script: (file) => `command unzip -o ${file}` },
  {
    endings: ['.deb'],
    tools: ['dpkg-deb'],
    script: (file, _bare, target) => `command mkdir -p ${target} && command dpkg-deb -x ${file} ${target}`,
  },
  {
    endings: ['.rpm'],
    tools: ['rpm2cpio', 'cpio'],
    script: (file, _bare, target) =>
      `command mkdir -p ${target} && command rpm2cpio ${file} | (builtin cd ${target} && command cpio -idm --quiet)`,
  },
  // What is no archive lies in the sources' directory under its own name.
  {
    endings: ['.jar', '.war', '.phar', '.gem', '.whl', '.pem', '.crt', '.json', '.txt', '.sh', '.run', '.AppImage'],
    tools: [],
    script: (file, _bare, target) => `command mkdir -p ${target} && command cp -f ${file} ${target}/`,
  },
];

/**
 * How to unpack a file of this name; undefined for a kind that is not known.
 *
 * @param name - File name; it never becomes an option, whatever it begins with.
 * @param directory - Where what has no directory of its own goes: `CACHE_PATH`.
 */
export function unpackSteps(name: string, directory: string): UnpackSteps | undefined {
  for (const { endings, tools, script } of KINDS) {
    const ending = endings.find((end) => name.length > end.length && name.endsWith(end));
    if (ending === undefined) continue;
    const file = quoteWord(`./${name}`);
    return { tools, script: script(file, quoteWord(`./${name.slice(0, -ending.length)}`), quoteWord(directory)) };
  }
  return undefined;
}

/** The part of a name behind its last dot, for messages. */
export function nameExtension(name: string): string {
  const dot = name.lastIndexOf('.');
  return dot < 0 ? name : name.slice(dot + 1);
}
