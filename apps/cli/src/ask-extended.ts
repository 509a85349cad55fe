import { isCtlError, NET_ERRORS } from '@hab/ctl';

import { failed } from './errors.ts';

/** A Supervisor of another make: it closes the connection, or says that it does not know the message. */
export function isUnknownRequest(error: unknown): boolean {
  if (isCtlError(error, 'CTL_CLOSED')) return true;
  if (!isCtlError(error, 'CTL_REFUSED')) return false;
  return error.details.netCode === NET_ERRORS.notSupported;
}

/** Asks something that only Supervisors of this project know. */
export async function askExtended<T>(ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    if (!isUnknownRequest(error)) throw error;
    throw failed('This Supervisor does not know that request', 'It is of another make, or older: update it.', error);
  }
}
