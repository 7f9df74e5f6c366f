import { RunList, ScheduleDetail } from '@baton/contracts';
import { type Mailbox, openMailbox } from '@baton/notifications/testing';
import { askedOf, ended, publish, Stack, until } from '@baton/test-stack';
import { Client } from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { eventually } from './testing/survival.js';

/*
 * A run that is due at a time, and the mail that asks a person about it, through a whole stack whose parts are killed before, at and after
 * the start, before a mail is taken, and before it is known that it was.
 */

/** What befalls the orchestrator, each of them once, while it hands over a mail. */
const strikes: ('before it is taken' | 'before that is known')[] = ['before it is taken', 'before that is known'];

let mailbox: Mailbox;
let stack: Stack;
beforeAll(async () => {
  mailbox = await openMailbox(
    () => {
      if (strikes[0] !== 'before it is taken') return null;
      strikes.shift();
      void stack.kill('orchestrator');
      return { code: 451, text: 'come again' };
    },
    async () => {
      if (strikes[0] !== 'before that is known') return;
      strikes.shift();
      await stack.kill('orchestrator');
    },
  );
  stack = await Stack.start({
    args: ['--only', 'gateway,orchestrator'],
    env: { BATON_SMTP_URL: mailbox.url, BATON_SMTP_FROM: 'Baton <baton@team.example>' },
  });
});
afterAll(async () => {
  await stack?.stop();
  await mailbox?.close();
});

const ASK_FIRST = {
  name: 'ask-first',
  version: '1.0.0',
  title: 'Asks a person',
  definition: {
    QueryLanguage: 'JSONata',
    StartAt: 'Ask',
    States: {
      Ask: { Type: 'Task', Resource: 'baton:approval', Arguments: { title: 'Launch?' }, Output: {}, End: true },
    },
  },
};

const post = (path: string, body: object, key?: string): Promise<unknown> =>
  stack.api(path, {
    method: 'POST',
    body: JSON.stringify(body),
    headers: key === undefined ? {} : { 'idempotency-key': key },
  });

/** As many rows as a statement gives, as the owner of the database. */
async function asOwner(sql: string): Promise<number> {
  const client = new Client({ connectionString: await stack.ownerUrl() });
  await client.connect();
  try {
    return (await client.query(sql)).rowCount ?? 0;
  } finally {
    await client.end();
  }
}

const schedule = async (): Promise<ScheduleDetail> => ScheduleDetail.parse(await stack.api('/v1/schedules/launch'));
const mailsOf = (subject: string) => mailbox.received.filter(({ mail }) => mail.subject === subject);

/** A minute passes for whoever holds a message. */
const minuteLater = async (): Promise<void> => {
  await asOwner(
    `update baton.notification_message set leased_until = clock_timestamp(), due_at = clock_timestamp() where status = 'pending'`,
  );
};
/** And an hour for what is to be told later. */
const later = async (): Promise<void> => {
  await minuteLater();
  await asOwner(`update baton.notice set due_at = clock_timestamp() where message_id is null`);
};

test('what is due starts once, and whoever is to answer is told at least once and reminded until they have, whatever is killed meanwhile', async () => {
  await publish(stack, ASK_FIRST);
  await post('/v1/notification-rules', {
    name: 'team',
    channel: { type: 'email', to: ['ada@team.example'] },
    events: ['approval.requested', 'run.finished'],
    remind: { everyMinutes: 60, most: 20 },
  });
  const run = { workflow: 'ask-first', input: {} };
  await post('/v1/schedules', { name: 'launch', timing: { type: 'interval', seconds: 3_600 }, run });

  // Nobody may be there when it is due, and both die as soon as it has started.
  await Promise.all([stack.kill('orchestrator'), stack.kill('gateway')]);
  await asOwner(`update baton.schedule set made_at = made_at - interval '3601 s', decided_to = decided_to - interval '3601 s',
                        wake_at = clock_timestamp() where name = 'launch'`);
  const { firings } = await eventually(async () => {
    const found = await schedule();
    if (found.firings.length === 0) throw new Error('it has not started');
    return found;
  }, 'the start');
  await Promise.all([stack.kill('orchestrator'), stack.kill('gateway')]);
  const runId = firings[0]?.runId ?? '';
  const asked = await eventually(() => askedOf(stack, runId), 'the question');

  // The first two times that the mail is handed over the orchestrator dies over it.
  // No reminder is due yet: it would be one of those.
  const isToldAgain = (): boolean => strikes.length === 0 && mailsOf(WANTED).length > 1;
  await untilTold(isToldAgain, 'the mail, also to whoever died over it', minuteLater);
  expect(new Set(mailsOf(WANTED).map(({ mail }) => mail.messageId)).size).toBe(1);
  await untilTold(() => mailsOf(STILL_WANTED).length > 0, 'a reminder');

  const answer = { decision: 'approve', comment: 'go' };
  await eventually(() => post(`/v1/approvals/${asked.approvalId}/decision`, answer, 'yes'), 'the answer');
  await stack.kill('orchestrator');
  expect((await ended(stack, runId)).status).toBe('succeeded');
  await untilTold(() => mailsOf(SUCCEEDED).length > 0, 'the mail about the end');
  // What was to remind of it later is looked at, and dropped.
  await until(async () => {
    await later();
    return (await asOwner(`select from baton.notice where message_id is null`)) === 0;
  }, 'the last reminder to be dropped');
  const reminders = await asOwner(`select from baton.notice where type = 'approval.reminded'`);
  expect(new Set(mailsOf(STILL_WANTED).map(({ mail }) => mail.messageId)).size).toBeLessThanOrEqual(reminders);

  // Once, however often somebody looked.
  const { runs } = RunList.parse(await stack.api('/v1/runs?label=schedule%3Dlaunch'));
  expect(runs.map((found) => found.runId)).toEqual([runId]);
  const after = await schedule();
  expect(after.firings).toEqual([expect.objectContaining({ runId, outcome: 'started', isManual: false })]);
});

const WANTED = 'Approval wanted: Launch?';
const STILL_WANTED = 'Approval still wanted: Launch?';
const SUCCEEDED = 'A run of ask-first succeeded';

/** Time passes for what waits, until it has come. */
const untilTold = (hasCome: () => boolean, what: string, pass = later): Promise<void> =>
  until(
    async () => {
      if (!hasCome()) await pass();
      return hasCome();
    },
    what,
    120_000,
    500,
  ).catch((thrown: unknown) => {
    throw new Error(`${String(thrown)}; so far: ${mailbox.received.map(({ mail }) => mail.subject).join(', ')}`);
  });
