import { TerminalError } from '@baton/contracts';

/** Errors that Retry and Catch match, beside those of the language. */
export const HttpErrorName = {
  /** The operator has not named the host, or it leads where nothing may be asked. */
  hostNotAllowed: 'Baton.HostNotAllowed',
  /** There is no such secret, or it is not for this host. */
  secretNotAllowed: 'Baton.SecretNotAllowed',
  invalidInput: 'Baton.InvalidInput',
  socket: 'States.Http.Socket',
  dataLimitExceeded: 'States.DataLimitExceeded',
} as const;

/** The name is what a workflow matches. */
const named = <T extends Error>(error: T, name: string): T => Object.assign(error, { name });

/** It would be the same at every try. */
export const refused = (name: string, message: string, next: string): TerminalError =>
  named(new TerminalError(message, { code: 'http-refused', next }), name);

/** Another try may do better. */
export const failed = (name: string, cause: string): Error => named(new Error(cause), name);
