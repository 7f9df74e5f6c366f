import type { Json, JsonObject } from '@baton/contracts';
import fc from 'fast-check';
import { describe, expect, inject, test } from 'vitest';
import { documentOf, scenario, task } from '../testing/scenario.js';

const isLong = inject('effort') === 'long';

const inPaths = (States: JsonObject) =>
  documentOf({}, { definition: { QueryLanguage: 'JSONPath', StartAt: Object.keys(States)[0] ?? '', States } });
const waits = (over: JsonObject): JsonObject => ({ W: { Type: 'Wait', End: true, ...over } });
const byQuery = documentOf(waits({ Timestamp: '{% $states.input.v %}' }));
const byPath = inPaths(waits({ TimestampPath: '$.v' }));

describe('a Wait until an instant', () => {
  test.each<readonly [string, string]>([
    ['2999-01-01T00:00:00+01:00', '2998-12-31T23:00:00.000Z'],
    ['9999-12-31T23:59:59.999Z', '9999-12-31T23:59:59.999Z'],
    ['0001-01-01T00:00:00Z', '0001-01-01T00:00:00.000Z'],
  ])('%s is due then', async (v, dueAt) => {
    for (const document of [byQuery, byPath]) {
      const run = scenario(document);
      await run.start({ v });
      expect(run.commandOf('W').deadline).toBe(dueAt);
    }
  });

  test.each(['9999-12-31T23:59:59-00:01', '0001-01-01T00:00:00+00:01', '0000-06-01T00:00:00Z'])(
    '%s, which no clock here shows, fails the state with a sentence',
    async (v) => {
      const run = scenario(byQuery);
      await run.start({ v });
      expect(run.state()).toMatchObject({
        status: 'failed',
        error: 'States.QueryEvaluationError',
        cause: expect.stringContaining(`not within the years 0001 to 9999 of UTC: ${v}`),
      });
      const other = scenario(byPath);
      await other.start({ v });
      expect(other.state()).toMatchObject({ status: 'failed', error: 'States.Runtime' });
    },
  );
});

const digits = (max: number, length: number) =>
  fc.integer({ min: 0, max }).map((number) => String(number).padStart(length, '0'));
const timestamp = fc
  .tuple(digits(9999, 4), digits(13, 2), digits(32, 2), digits(24, 2), fc.constantFrom('Z', '+23:59', '-23:59', ''))
  .map(([year, month, day, hour, offset]) => `${year}-${month}-${day}T${hour}:59:59${offset}`);
const value: fc.Arbitrary<Json> = fc.oneof(
  fc.double({ noDefaultInfinity: true, noNaN: true }),
  fc.integer(),
  fc.constantFrom(0, 1, 99_999_999, 100_000_000, Number.MAX_SAFE_INTEGER, Number.MAX_VALUE, -1, 0.5),
  fc.string(),
  timestamp,
  fc.constantFrom<Json>(null, true, [], [1], { seconds: 1 }),
);

const retry = (IntervalSeconds: number, BackoffRate: number): JsonObject => ({
  Retry: [{ ErrorEquals: ['Weather'], IntervalSeconds, BackoffRate, MaxAttempts: 99_999_999 }],
});
const states = fc
  .tuple(fc.integer({ min: 1, max: 99_999_999 }), fc.double({ min: 1, noDefaultInfinity: true, noNaN: true }))
  .chain(([interval, rate]) =>
    fc.constantFrom(
      documentOf(waits({ Seconds: '{% $states.input.v %}' })),
      byQuery,
      inPaths(waits({ SecondsPath: '$.v' })),
      byPath,
      documentOf({ W: task({ TimeoutSeconds: '{% $states.input.v %}', ...retry(interval, rate) }) }),
      documentOf({ W: task({ HeartbeatSeconds: '{% $states.input.v %}' }) }),
      inPaths({ W: task({ TimeoutSecondsPath: '$.v', ...retry(interval, rate) }) }),
      inPaths({ W: task({ HeartbeatSecondsPath: '$.v' }) }),
    ),
  );

test('no number and no text where a time is asked for makes a decision throw, and each event can be read back', async () => {
  await fc.assert(
    fc.asyncProperty(states, value, async (document, v) => {
      const run = scenario(document);
      await run.start({ v });
      for (let attempt = 0; attempt < 4 && run.open().length > 0; attempt += 1) {
        if (run.commandOf('W').queue === null) await run.expire('W');
        else await run.fail('W', 'Weather');
      }
      expect(['failed', 'running', 'succeeded']).toContain(run.state().status);
    }),
    { numRuns: isLong ? 400 : 100 },
  );
});
