import { BatonError } from '@baton/contracts';

/** The log is not the one that was signed. Nothing more is signed, until somebody has looked. */
export class LogDiverges extends BatonError {
  constructor(message: string, cause?: unknown) {
    super(message, {
      code: 'log-diverges',
      next: 'Nothing more is signed. Find out with `baton audit verify` what was changed, and read "When signing stops" in docs/audit.md.',
      cause,
    });
  }
}
