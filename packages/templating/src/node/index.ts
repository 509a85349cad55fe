/** Templates and rendered files on disk. @packageDocumentation */

export type { ReadTemplatesOptions, TemplateSource } from './read-directory.ts';
export { listTemplates, readTemplates } from './read-directory.ts';
export type { RenderDirectoryOptions } from './render-directory.ts';
export { renderDirectory } from './render-directory.ts';
export type { RenderedSet, WriteReport } from './write-files.ts';
export { writeRendered } from './write-files.ts';
