import { Notification } from '@baton/contracts';
import { createPool } from '@baton/event-store';
import { afterEach, beforeEach, expect, inject, test } from 'vitest';
import { followAnomalies } from './log/follow-anomalies.js';
import { followForRules } from './rules/follow-for-rules.js';
import type { Receiver } from './testing/receiver.js';
import { RuleBench } from './testing/rule-bench.js';
import { succeeded } from './testing/test-log.js';
import { PUBLIC_URL, until, type WebhookBench } from './testing/webhook-bench.js';

let given: RuleBench;
let bench: WebhookBench;
beforeEach(async () => {
  given = await RuleBench.open(inject('postgresUrl'));
  bench = given.bench;
});
afterEach(() => given?.close());

const UNLIKE = 'A run of greet was unlike those before it';

/** A run that ended, and was unusual in these measures as the projection has it. */
async function unusualRun(...measures: readonly string[]): Promise<string> {
  const runId = await bench.log.start();
  await bench.log.append(runId, succeeded);
  await foundUnusual([runId], measures);
  return runId;
}

/** In one transaction, as the projection writes it. */
async function foundUnusual(runIds: readonly string[], measures: readonly string[]): Promise<void> {
  await bench.gateway.query(
    `insert into baton.anomaly
     select run_id, measure, max(position), max(recorded_at), 'greet', '1.2.3', 'high', 640000, 62000, 9.5, 143, 0.02
       from baton.event cross join unnest($2::text[]) m(measure) where run_id = any($1) group by run_id, measure`,
    [runIds, measures],
  );
}

const tellings = ({ received }: Receiver): readonly { readonly type: string; readonly data: object }[] =>
  received.map(({ body }) => Notification.parse(JSON.parse(body)));

test('whoever wants to know is told once of a run that was unlike those before, beside its end', async () => {
  await unusualRun('cost');
  await given.rule({ events: ['run.finished', 'anomaly.detected'] });
  const receiver = await bench.receiver();
  const webhook = await bench.webhook(receiver.url, ['run.finished', 'anomaly.detected']);
  const box = await given.mailbox();
  given.send({ mailbox: box });
  given.send({ mailbox: box });
  bench.startSender();
  const mailed = (words: string): number =>
    box.received.reduce((sum, { mail }) => sum + (mail.text?.split(words).length ?? 1) - 1, 0);
  const runId = await unusualRun('duration', 'errors');
  await bench.settled(webhook, 2);
  expect(
    tellings(receiver)
      .map(({ type }) => type)
      .sort(),
  ).toEqual(['anomaly.detected', 'run.finished']);
  expect(tellings(receiver).find(({ type }) => type === 'anomaly.detected')).toMatchObject({
    data: {
      runId,
      anomalies: [
        { measure: 'duration', direction: 'high', value: 640_000, median: 62_000, sampleSize: 143 },
        { measure: 'errors' },
      ],
    },
  });
  await until('a mail of both', () => mailed(UNLIKE) === 1 && mailed('A run of greet succeeded') === 1);
  expect(mailed('Duration: 640 s, where 62 s is usual (of 143 runs;')).toBe(1);

  // All is folded again: the same rows are there anew, and then one that is news.
  const owner = createPool(bench.databaseUrl, { role: 'owner', max: 1, applicationName: 'anomalies-test' });
  await owner.query('delete from baton.anomaly');
  await owner.end();
  await foundUnusual([runId], ['duration', 'errors']);
  await unusualRun('rounds');
  await bench.settled(webhook, 4);
  await until('mails of the other run', () => mailed('Rounds: ') === 1 && mailed('A run of greet succeeded') === 2);
  expect([mailed(UNLIKE), tellings(receiver).length]).toEqual([2, 4]);
});

test('more than a page is told whole, a run at a time', async () => {
  const receiver = await bench.receiver();
  const webhook = await bench.webhook(receiver.url, ['anomaly.detected']);
  const runIds: string[] = [];
  for (let n = 0; n < 170; n++) {
    const runId = await bench.log.start();
    await bench.log.append(runId, succeeded);
    runIds.push(runId);
  }
  await foundUnusual(runIds, ['errors', 'rounds', 'score']);
  bench.startSender();
  await bench.settled(webhook, 170);
  const told = tellings(receiver).map(({ data }) => data);
  expect(new Set(told.map((data) => ('runId' in data ? data.runId : null))).size).toBe(170);
  expect(told.every((data) => 'anomalies' in data && Object.keys(data.anomalies ?? {}).length === 3)).toBe(true);
});

test('whose runs fail more often is told so, with both shares and what they are of', async () => {
  await given.rule({ events: ['anomaly.detected'] });
  const box = await given.mailbox();
  given.send({ mailbox: box });
  const runId = await bench.log.start();
  await bench.log.append(runId, succeeded);
  await bench.gateway.query(
    `insert into baton.anomaly
     select run_id, 'failures', max(position), max(recorded_at), 'greet', '1.2.3', 'high', 0.8, 0.025, 5.5, 120, 0.001, 5
       from baton.event where run_id = $1 group by run_id`,
    [runId],
  );
  await until('a mail', () => box.received.length === 1);
  const { subject, text } = box.received[0]?.mail ?? {};
  expect(subject).toContain('Runs of greet fail more often than before');
  expect(text).toContain(
    'Runs that failed: 80 % of the newest 5, where 2.5 % is usual (of 120 runs; of usual ones at most 0.1 % are taken for unusual)',
  );
});

/** What is new to webhooks and rules is noted, as senders do. */
async function follow(): Promise<void> {
  await followAnomalies(bench.hub, PUBLIC_URL);
  await followForRules(bench.hub, () => {});
}

test('what turns up at a place that was looked through is of long ago, and nobody is told of it', async () => {
  const runId = await bench.log.start();
  const webhook = await bench.webhook('https://team.example/hook', ['anomaly.detected']);
  await given.rule({ events: ['anomaly.detected'] });
  await bench.log.append(runId, succeeded);
  const owner = createPool(bench.databaseUrl, { role: 'owner', max: 1, applicationName: 'anomalies-test' });
  await owner.query('update baton.run_view_cursor set position = (select head from baton.log)');
  await owner.end();
  await follow();
  // As it comes back from an archive, or is found when all is folded again.
  await foundUnusual([runId], ['duration']);
  await follow();
  expect([await bench.deliveries(webhook), await given.waiting()]).toEqual([[], 0]);
});

test('what a newer version looks for is left out, and stops nothing else from being told', async () => {
  const webhook = await bench.webhook('https://team.example/hook', ['anomaly.detected']);
  await given.rule({ events: ['anomaly.detected'] });
  await unusualRun('of-tomorrow');
  await unusualRun('duration', 'of-tomorrow');
  await follow();
  expect([(await bench.deliveries(webhook)).length, await given.waiting()]).toEqual([1, 1]);
});
