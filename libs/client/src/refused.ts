import { BatonError, Problem } from '@baton/contracts';

/** One thing wrong with a request: a JSON pointer into its body, or the name of a parameter. */
export interface PointedError {
  readonly pointer: string;
  readonly detail: string;
}

/** The gateway refused: RFC 9457 problem details as an error. */
export class GatewayRefused extends BatonError {
  readonly status: number;
  readonly errors: readonly PointedError[];

  constructor(problem: {
    readonly status: number;
    readonly detail: string;
    readonly code: string;
    readonly next: string;
    readonly errors: readonly PointedError[];
  }) {
    super(problem.detail, problem);
    this.status = problem.status;
    this.errors = problem.errors;
  }
}

/** No server answered, or the connection broke: trying again can help. */
export class GatewayUnreachable extends BatonError {}

/**
 * What to do about something that went wrong, in the words of whoever shows it: the gateway speaks of HTTP. Undefined: as the
 * gateway says.
 */
export type Advise = (what: {
  readonly code: string;
  /** Of the answer; null where there was none. */
  readonly status: number | null;
  readonly next: string | undefined;
}) => string | undefined;

/** Reads the problem details, and makes some where a proxy or another program answered. */
export async function refusalOf(response: Response, advise: Advise): Promise<GatewayRefused> {
  const { status } = response;
  const text = await response.text().catch(() => '');
  const parsed = Problem.safeParse(jsonIn(text));
  const problem = parsed.success ? parsed.data : null;
  const code = problem?.code ?? `http-${status}`;
  const usual = status < 500 ? 'Correct the request.' : 'Look at the log of the gateway.';
  return new GatewayRefused({
    status,
    code,
    detail: problem?.detail ?? `The server answered ${status} ${response.statusText}`.trimEnd().concat('.'),
    next: advise({ code, status, next: problem?.next }) ?? problem?.next ?? usual,
    errors: problem?.errors ?? [],
  });
}

/** What a text holds; undefined where it is no JSON. */
export function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
