/** Packages for tests, and the contract suite of artifact sources. @packageDocumentation */

export type { ArtifactSourceSubject } from './artifact-source-contract.ts';
export { CONTRACT_IDENTS, describeArtifactSource } from './artifact-source-contract.ts';
export type { PackTestOptions, TestPackage } from './test-package.ts';
export { packTestArtifact, writeTestPackage } from './test-package.ts';
