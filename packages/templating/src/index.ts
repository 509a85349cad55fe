/** Habitat's template dialects, configuration layers and render context. @packageDocumentation */

export type {
  AddressFacts,
  ElectionPhase,
  GroupFacts,
  InstallFacts,
  MemberFacts,
  MemberHealth,
  PackageFacts,
  ServiceFacts,
  SysFacts,
} from './context/facts.ts';
export { installContext, renderContext } from './context/render-context.ts';
export type { TemplateDialect } from './dialect.ts';
export { isTemplateDialect, TEMPLATE_DIALECTS } from './dialect.ts';
export type {
  LimitName,
  SourcePosition,
  TemplateFault,
  TemplatingErrorCode,
  TemplatingErrorDetails,
} from './errors.ts';
export { isTemplatingError, TemplatingError } from './errors.ts';
export type { FormatJsonOptions } from './json/format-json.ts';
export { formatJson } from './json/format-json.ts';
export { parseJson } from './json/parse-json.ts';
export type { ConfigLayer, ConfigPrecedence, MergedConfig, Provenance, ServiceLayers } from './layers/merge.ts';
export { layerOf, mergeLayers, mergeServiceLayers, provenanceEntries } from './layers/merge.ts';
export type { TemplateLimits } from './limits.ts';
export { DEFAULT_TEMPLATE_LIMITS } from './limits.ts';
export type { ExponentStyle } from './numbers.ts';
export type { PlainValue } from './plain.ts';
export { toConfigTable, toConfigValue, toPlainValue } from './plain.ts';
export type { TemplateRead } from './render/reads.ts';
export { readsChanged } from './render/reads.ts';
export type { Renderer, RendererOptions, TrackedRendering } from './renderer.ts';
export { createRenderer, renderTemplate } from './renderer.ts';
export type { FormatTomlOptions } from './toml/format-toml.ts';
export { formatToml, formatTomlValue } from './toml/format-toml.ts';
export type { ParseConfigOptions } from './toml/parse-toml.ts';
export { parseToml } from './toml/parse-toml.ts';
export type { ConfigDate, ConfigDateKind, ConfigTable, ConfigValue } from './values.ts';
export {
  canonicalDateText,
  configDate,
  EMPTY_TABLE,
  isConfigArray,
  isConfigDate,
  isConfigTable,
  sameValue,
  valueAt,
} from './values.ts';
export { formatYaml } from './yaml/format-yaml.ts';
