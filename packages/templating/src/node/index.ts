/** Templates and rendered files on disk. @packageDocumentation */

export type { Recovery } from './change-journal.ts';
export { recoverRendered } from './change-journal.ts';
export type { ReadTemplatesOptions, TemplateSource } from './read-directory.ts';
export { listTemplates, readTemplates } from './read-directory.ts';
export type { RenderDirectoryOptions } from './render-directory.ts';
export { renderDirectory } from './render-directory.ts';
export type { RenderedSet, WriteOptions, WriteReport, WrittenChange } from './write-files.ts';
export { beginRendered, writeRendered } from './write-files.ts';
