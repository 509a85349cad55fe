/** One line of `hab svc status`. */
export interface StatusRow {
  readonly ident: string;
  readonly type: string;
  readonly desired: string;
  readonly state: string;
  readonly elapsed: string;
  readonly pid: string;
  readonly group: string;
}

const HEADER: StatusRow = {
  ident: 'package',
  type: 'type',
  desired: 'desired',
  state: 'state',
  elapsed: 'elapsed (s)',
  pid: 'pid',
  group: 'group',
};

/** The table that scripts parse: columns two spaces apart. See spec/supervisor 5.5. */
export function formatStatusTable(rows: readonly StatusRow[]): string {
  const cells = [HEADER, ...rows].map((row) => [
    row.ident,
    row.type,
    row.desired,
    row.state,
    row.elapsed,
    row.pid,
    row.group,
  ]);
  const widths = HEADER_WIDTHS.map((_, column) => Math.max(...cells.map((line) => line[column]?.length ?? 0)));
  const format = (line: readonly string[]): string =>
    line.map((cell, column) => (column === line.length - 1 ? cell : cell.padEnd(widths[column] ?? 0))).join('  ');
  return `${cells.map(format).join('\n')}\n`;
}

const HEADER_WIDTHS: readonly string[] = Object.values(HEADER);
