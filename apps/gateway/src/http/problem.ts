import { STATUS_CODES } from 'node:http';
import { BatonError, type Problem } from '@baton/contracts';

/** One thing wrong with a request: `pointer` is a JSON pointer into its body, or the name of a parameter or header. */
export interface PointedError {
  readonly pointer: string;
  readonly detail: string;
}

export interface ProblemFacts {
  readonly status: number;
  readonly code: string;
  /** One sentence: what to do about it. */
  readonly next: string;
  readonly errors?: readonly PointedError[];
  readonly headers?: Readonly<Record<string, string>>;
  readonly cause?: unknown;
}

/** A refusal with an HTTP status: thrown by handlers, sent as problem details by the filter. */
export class ProblemError extends BatonError {
  readonly status: number;
  readonly errors: readonly PointedError[];
  readonly headers: Readonly<Record<string, string>>;

  constructor(detail: string, facts: ProblemFacts) {
    super(detail, facts);
    this.status = facts.status;
    this.errors = facts.errors ?? [];
    this.headers = facts.headers ?? {};
  }
}

/** The body of an RFC 9457 answer. */
export function toProblem({ status, code, message, next, errors }: ProblemError): Problem {
  return {
    type: `urn:baton:problem:${code}`,
    title: STATUS_CODES[status] ?? 'Error',
    status,
    detail: message,
    code,
    ...(next === undefined ? {} : { next }),
    ...(errors.length === 0 ? {} : { errors: [...errors] }),
  };
}
