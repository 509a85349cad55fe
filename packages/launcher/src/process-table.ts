/** What identifies a process beyond its recycled number. */
export interface ProcessStamp {
  readonly pid: number;
  /** Field 22 of `/proc/<pid>/stat`: clock ticks since boot. */
  readonly startTicks: number;
}

/** One service process that a Launcher started. */
export interface ProcessRecord extends ProcessStamp {
  /** Service group. */
  readonly id: string;
}

/** What a Launcher leaves for the next one. */
export interface ProcessTable {
  /** Records of another boot describe nothing. */
  readonly bootId: string;
  readonly processes: readonly ProcessRecord[];
}

export function formatProcessTable(table: ProcessTable): string {
  return `${JSON.stringify(table)}\n`;
}

/** @returns undefined for anything but a whole table: then nothing is known, which is no error. */
export function parseProcessTable(text: string): ProcessTable | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!isRecord(value) || typeof value['bootId'] !== 'string' || !Array.isArray(value['processes'])) return undefined;
  const processes = value['processes'].filter(isProcessRecord);
  return processes.length === value['processes'].length ? { bootId: value['bootId'], processes } : undefined;
}

/**
 * The recorded processes that still run: same boot, same pid, same start.
 *
 * @param liveStartTicks - Start of the process that has this pid now; undefined when none has.
 */
export function findLeftovers(
  table: ProcessTable,
  bootId: string,
  liveStartTicks: (pid: number) => number | undefined,
): ProcessRecord[] {
  if (table.bootId !== bootId) return [];
  return table.processes.filter((record) => liveStartTicks(record.pid) === record.startTicks);
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

function isProcessRecord(value: unknown): value is ProcessRecord {
  if (!isRecord(value)) return false;
  const { pid, startTicks, id } = value;
  // 0 and 1 would signal our own group and the machine's init.
  return Number.isSafeInteger(pid) && Number(pid) > 1 && Number.isSafeInteger(startTicks) && typeof id === 'string';
}
