import { readFileSync } from 'node:fs';

/** A file below `vectors/plan-build`. */
export const vectorUrl = (name: string): URL => new URL(`../../../../vectors/plan-build/${name}`, import.meta.url);

export const readVector = <T>(name: string): T => JSON.parse(readFileSync(vectorUrl(name), 'utf8')) as T; // our own file
