/** Values a log line may carry beside its constant message. */
export type LogFields = Readonly<Record<string, unknown>>;

/** Logs for operators: a message is a constant plus fields. */
export interface Logger {
  debug(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
}

/** Says nothing: the default of every library. */
export const noopLogger: Logger = { debug() {}, info() {}, warn() {}, error() {} };
