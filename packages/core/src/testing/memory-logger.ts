import type { LogFields, Logger } from '../logger.ts';

export interface MemoryLog {
  readonly level: 'debug' | 'info' | 'warn' | 'error';
  readonly message: string;
  readonly fields: LogFields;
}

export interface MemoryLogger extends Logger {
  readonly logs: readonly MemoryLog[];
}

/** Keeps what it is told. */
export function memoryLogger(): MemoryLogger {
  const logs: MemoryLog[] = [];
  const keep =
    (level: MemoryLog['level']) =>
    (message: string, fields: LogFields = {}): void => {
      logs.push({ level, message, fields });
    };
  return { logs, debug: keep('debug'), info: keep('info'), warn: keep('warn'), error: keep('error') };
}
