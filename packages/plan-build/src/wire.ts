/** One message of the bash process: a verb and its fields. */
export interface BashMessage {
  readonly verb: string;
  readonly fields: readonly string[];
}

/** Largest message, in bytes: a plan's variables are far below, a runaway child is not. */
export const MAX_MESSAGE_BYTES: number = 16 * 1024 * 1024;
/** Most fields of a message. */
export const MAX_MESSAGE_FIELDS = 200_000;

/**
 * Takes NUL-ended fields apart: verb, number of fields, fields. Chunks may end anywhere.
 *
 * @throws Error for what our bash never sends; the session is then unusable.
 */
export class MessageReader {
  #pending: Uint8Array = new Uint8Array(0);
  #fields: string[] = [];
  #bytes = 0;
  readonly #decoder = new TextDecoder('utf-8', { ignoreBOM: true });

  /** Messages that this chunk completes. */
  push(chunk: Uint8Array): BashMessage[] {
    const messages: BashMessage[] = [];
    let data = this.#pending.length === 0 ? chunk : concat(this.#pending, chunk);
    for (let end = data.indexOf(0); end !== -1; end = data.indexOf(0)) {
      this.#take(data.subarray(0, end), messages);
      data = data.subarray(end + 1);
    }
    this.#pending = data.slice();
    if (this.#bytes + data.length > MAX_MESSAGE_BYTES) throw new Error('The bash process sent a message without end');
    return messages;
  }

  #take(field: Uint8Array, messages: BashMessage[]): void {
    this.#bytes += field.length + 1;
    if (this.#bytes > MAX_MESSAGE_BYTES) throw new Error('The bash process sent a message that is too long');
    this.#fields.push(this.#decoder.decode(field));
    const [verb, count] = this.#fields;
    if (verb === undefined || count === undefined) return;
    if (!/^\d{1,6}$/.test(count) || Number(count) > MAX_MESSAGE_FIELDS || !/^[a-z-]{1,20}$/.test(verb)) {
      throw new Error('The bash process sent something that is not a message');
    }
    if (this.#fields.length < Number(count) + 2) return;
    messages.push({ verb, fields: this.#fields.slice(2) });
    this.#fields = [];
    this.#bytes = 0;
  }
}

function concat(a: Uint8Array, b: Uint8Array): Uint8Array {
  const joined = new Uint8Array(a.length + b.length);
  joined.set(a);
  joined.set(b, a.length);
  return joined;
}
