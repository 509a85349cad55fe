/** Which floor each package lives on; imports go down or sideways. See docs/architecture.md. */
export const FLOORS: readonly (readonly string[])[] = [
  ['core'],
  ['ident', 'crypto-keys', 'plan-parser', 'plan-init', 'templating', 'census'],
  ['hart-format', 'store', 'ring', 'ctl', 'depot-client', 'launcher'],
  ['plan-build', 'plan-lint', 'studio', 'services', 'exporters', 'depot', 'build-service'],
  ['cli', 'supervisor', 'builder'],
];

/** Floor of a package's folder; undefined for one that the architecture does not know. */
export function floorOf(folder: string): number | undefined {
  const floor = FLOORS.findIndex((names) => names.includes(folder));
  return floor < 0 ? undefined : floor;
}
