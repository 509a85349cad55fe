/** Sections of the README of a new plan, and what is to be written into each. See spec/cli 8.1. */
const SECTIONS: readonly (readonly [heading: string, prompt: string])[] = [
  ['## Maintainers', 'Who looks after this package, and how to reach them?'],
  ['## Type of Package', 'Is it a service, a library, or a set of programs?'],
  ['## Usage', 'How do others use it: as a dependency, on the command line, as a service? Show the commands.'],
  [
    '## Bindings',
    'Which services does it need (`pkg_binds`), which can it use (`pkg_binds_optional`), and what does it tell others of itself (`pkg_exports`)?',
  ],
  ['## Topologies', 'In which arrangements can the service run?'],
  ['### Standalone', 'What does a member do that runs on its own, and how is it started?'],
  [
    '### Leader-Follower',
    'What does the leader do, what do its followers do, and what happens when the leader is lost?',
  ],
  [
    '## Update Strategies',
    'What does the service do when a newer release is installed under it, and which strategy suits it: none, at-once or rolling?',
  ],
  [
    '### Configuration Updates',
    'Which settings of `default.toml` matter most, and what does the service do when one of them is changed?',
  ],
  ['## Scaling', 'What happens when members are added or removed? Is there anything to be done by hand?'],
  ['## Monitoring', 'How does one see that the service is well: its health check, its logs, its numbers?'],
  ['## Notes', 'Whatever else somebody should know.'],
];

/** Text of the README of a new plan. */
export function formatReadme(name: string): string {
  return `# ${name}\n\n${SECTIONS.map(([heading, prompt]) => `${heading}\n\n_${prompt}_\n`).join('\n')}`;
}
