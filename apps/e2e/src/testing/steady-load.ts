import { randomUUID } from 'node:crypto';
import { ended, eventsOf, loopOf, publish, type Stack, submit, violations } from '@baton/test-stack';
import { expect } from 'vitest';
import { eventually } from './survival.js';

/** Runs of a few steps each, so many at a time, one after the other until the load is ended. */
export class SteadyLoad {
  readonly #runIds: string[] = [];
  #isOver = false;
  #clients: Promise<unknown> = Promise.resolve();

  private constructor(private readonly stack: Stack) {}

  static async start(
    stack: Stack,
    { kind, clients, steps }: { readonly kind: string; readonly clients: number; readonly steps: number },
  ): Promise<SteadyLoad> {
    await publish(stack, loopOf(`loop-${kind}`, kind));
    const load = new SteadyLoad(stack);
    load.#clients = Promise.all(Array.from({ length: clients }, () => load.#client(`loop-${kind}`, steps)));
    return load;
  }

  async #client(workflow: string, steps: number): Promise<void> {
    while (!this.#isOver) {
      const requestId = randomUUID();
      const submission = { workflow, input: { times: steps } };
      // Under a trace: hubs of every version that is under way have to take it.
      const traceparent = `00-${requestId.replaceAll('-', '')}-00f067aa0ba902b7-01`;
      const sent = () => submit(this.stack, submission, requestId, { traceparent });
      const runId = await eventually(sent, 'a submission to be accepted');
      this.#runIds.push(runId);
      await ended(this.stack, runId);
    }
  }

  /** Ends it, and expects that nothing was lost and nothing counted twice. Gives the longest time without any step, milliseconds. */
  async expectWhole(): Promise<{ readonly runs: number; readonly steps: number; readonly longestPauseMs: number }> {
    this.#isOver = true;
    await this.#clients;
    const times: number[] = [];
    for (const runId of this.#runIds) {
      const events = await eventsOf(this.stack, runId);
      expect(events.at(-1)?.type).toBe('RunSucceeded');
      expect(violations(events)).toEqual([]);
      times.push(
        ...events.filter(({ type }) => type === 'TaskSucceeded').map(({ recordedAt }) => Date.parse(recordedAt)),
      );
    }
    const sorted = times.toSorted((a, b) => a - b);
    const pauses = sorted.slice(1).map((at, n) => at - (sorted[n] ?? at));
    return { runs: this.#runIds.length, steps: times.length, longestPauseMs: Math.max(0, ...pauses) };
  }
}
