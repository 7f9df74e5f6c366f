import { randomUUID } from 'node:crypto';
import { RunAccepted } from '@baton/contracts';
import type { Stack } from '@baton/test-stack';

/** What came of requests that submit one run each. */
export interface Submissions {
  readonly accepted: readonly string[];
  /** By status, or that nobody answered. */
  readonly answers: ReadonlyMap<string, number>;
  readonly answeredMs: readonly number[];
  /** Refusals for now that do not say for how long. */
  readonly withoutWord: () => number;
  readonly onItsWay: () => number;
  readonly submitOne: () => Promise<void>;
}

export async function submissionsTo(stack: Stack, workflow: string): Promise<Submissions> {
  const { BATON_URL: url = '', BATON_TOKEN: token = '' } = (await stack.joinEnv()) ?? {};
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  const body = JSON.stringify({ workflow, input: {} });
  const accepted: string[] = [];
  const answers = new Map<string, number>();
  const answeredMs: number[] = [];
  let withoutWord = 0;
  let onItsWay = 0;
  const count = (what: string): void => void answers.set(what, (answers.get(what) ?? 0) + 1);
  const ask = async (): Promise<void> => {
    const askedMs = performance.now();
    const init = { method: 'POST', body, headers: { ...headers, 'idempotency-key': randomUUID() } };
    const response = await fetch(`${url}/v1/runs`, init);
    const answer: unknown = await response.json();
    answeredMs.push(performance.now() - askedMs);
    count(String(response.status));
    if (response.status === 202) accepted.push(RunAccepted.parse(answer).runId);
    if (response.status === 429 && response.headers.get('retry-after') === null) withoutWord += 1;
  };
  return {
    accepted,
    answers,
    answeredMs,
    withoutWord: () => withoutWord,
    onItsWay: () => onItsWay,
    submitOne: async () => {
      onItsWay += 1;
      await ask()
        .catch(() => count('no answer'))
        .finally(() => {
          onItsWay -= 1;
        });
    },
  };
}

export const told = (answers: Submissions['answers']): string =>
  [...answers].map(([answer, times]) => `${answer}: ${times}`).join(', ');
