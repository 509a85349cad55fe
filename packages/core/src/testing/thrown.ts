/** What a function throws; an error itself when it throws nothing, so that a test cannot pass by accident. */
export function thrownBy(action: () => unknown): unknown {
  let result: unknown;
  try {
    result = action();
  } catch (error) {
    return error;
  }
  throw new Error(`expected a throw, got ${String(result)}`);
}

/** The reason a promise rejects with; an error itself when it resolves. */
export async function rejectionOf(promise: Promise<unknown>): Promise<unknown> {
  let result: unknown;
  try {
    result = await promise;
  } catch (error) {
    return error;
  }
  throw new Error(`expected a rejection, got ${String(result)}`);
}
