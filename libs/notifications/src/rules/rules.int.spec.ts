import { createServer, type Socket } from 'node:net';
import { createPool, recordDeadLetter } from '@baton/event-store';
import { afterEach, beforeEach, describe, expect, inject, test } from 'vitest';
import { addressesIn } from '../testing/mailbox.js';
import { reply } from '../testing/receiver.js';
import { MAIL, RuleBench } from '../testing/rule-bench.js';
import { succeeded } from '../testing/test-log.js';
import { PUBLIC_URL, until, type WebhookBench } from '../testing/webhook-bench.js';
import { sendMessageAgain, storeTestNotice } from './messages.js';
import { removeRule } from './rules-store.js';

let given: RuleBench;
let bench: WebhookBench;
beforeEach(async () => {
  given = await RuleBench.open(inject('postgresUrl'));
  bench = given.bench;
});
afterEach(() => given?.close());

test('what a rule chooses comes as a mail, once, with a link into the dashboard, and nothing that was before', async () => {
  await bench.finishRuns(1);
  const of = await given.rule({ statuses: ['succeeded'], workflows: ['greet'] });
  const box = await given.mailbox();
  given.send({ mailbox: box });
  given.send({ mailbox: box });
  const failed = await bench.log.start();
  await bench.log.append(failed, { type: 'RunFailed', data: { error: 'E', cause: 'c' } });
  const other = await bench.log.start({ workflow: 'other' });
  await bench.log.append(other, succeeded);
  const [runId] = await bench.finishRuns(1);
  await given.once(of, 'delivered');
  expect(box.received).toHaveLength(1);
  const [{ to, mail } = { to: [], mail: null }] = box.received;
  expect(to).toEqual(MAIL.to);
  expect(mail?.subject).toBe('A run of greet succeeded');
  expect([addressesIn(mail?.to), addressesIn(mail?.from)]).toEqual([MAIL.to, ['baton@team.example']]);
  expect(mail?.text).toContain(`${PUBLIC_URL}/runs/${runId}`);
  expect(mail?.messageId).toBe(`<${(await given.messages(of))[0]?.messageId}@baton>`);
});

test('what a run is called cannot become a header, a tag or another reader of a mail', async () => {
  const of = await given.rule();
  const box = await given.mailbox();
  given.send({ mailbox: box });
  const { answer } = await given.ask('Ship\r\nBcc: eve@evil.example\r\n\r\n<script>alert("x")</script>\u0000');
  await given.once(of, 'delivered');
  await answer();
  const [{ to, mail } = { to: [], mail: null }] = box.received;
  expect(to).toEqual(MAIL.to);
  expect([mail?.bcc, mail?.cc, addressesIn(mail?.to)]).toEqual([undefined, undefined, MAIL.to]);
  expect(mail?.subject).toBe('Approval wanted: Ship Bcc: eve@evil.example <script>alert("x")</script>');
  expect([...(mail?.headers.keys() ?? [])]).not.toContain('bcc');
  expect(mail?.html).not.toContain('<script');
  expect(mail?.html).toContain('&#60;script&#62;');
  expect(JSON.stringify(mail)).not.toContain('what only the run knows');
});

describe('a mail server', () => {
  test('that refuses for good is one clear answer, and the mail can be sent again', async () => {
    let isRefusing = true;
    const of = await given.rule();
    const box = await given.mailbox(() => (isRefusing ? { code: 550, text: 'no such mailbox a-secret' } : null));
    given.send({ mailbox: box });
    await bench.finishRuns(1);
    const [failed] = await given.once(of, 'failed');
    expect(failed).toMatchObject({ attempts: 1, nextAttemptAt: null });
    expect(failed?.error).toMatch(/^refused by the mail server: .*550 no such mailbox \[secret\]/);
    isRefusing = false;
    expect(await sendMessageAgain(bench.gateway, of.ruleId, failed?.messageId ?? '')).toBe(true);
    await given.once(of, 'delivered');
    expect(box.received).toHaveLength(1);
  });

  test.each([
    ['all', 2],
    ['one of them', 1],
  ])('that refuses %s for now is asked again', async (_, count) => {
    let refusals = count;
    const of = await given.rule();
    const box = await given.mailbox(() => (refusals-- > 0 ? { code: 451, text: 'come again' } : null));
    given.send({ mailbox: box });
    await bench.finishRuns(1);
    await until('a first attempt', async () => (await given.messages(of))[0]?.attempts === 1);
    expect((await given.messages(of))[0]).toMatchObject({
      status: 'pending',
      error: expect.stringContaining('451 come again'),
    });
    await given.later(60);
    await given.once(of, 'delivered');
    expect(box.received.at(-1)?.to).toEqual(MAIL.to);
    expect(new Set(box.received.map(({ mail }) => mail.messageId)).size).toBe(1);
  });

  test('that says nothing, is not there, or is not set holds up nothing, and loses nothing', async () => {
    const sockets: Socket[] = [];
    const hanging = createServer((socket) => void sockets.push(socket));
    await new Promise<void>((resolve) => hanging.listen(0, '127.0.0.1', () => resolve()));
    given.closing(async () => {
      for (const socket of sockets) socket.destroy();
      hanging.close();
    });
    const address = hanging.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const of = await given.rule();
    const sender = given.send({ mailServer: { url: `smtp://127.0.0.1:${port}`, from: 'a@b.example' }, timeoutMs: 300 });
    await bench.finishRuns(1);
    await until('an attempt', async () => (await given.messages(of))[0]?.attempts === 1);
    expect((await given.messages(of))[0]).toMatchObject({
      status: 'pending',
      error: expect.stringMatching(/^not taken by the mail server: /),
    });
    await sender.stop();
    const unset = given.send();
    await given.later(60);
    await until('another attempt', async () => (await given.messages(of))[0]?.attempts === 2);
    expect((await given.messages(of))[0]?.error).toContain('BATON_SMTP_URL');
    await unset.stop();
    const box = await given.mailbox();
    given.send({ mailbox: box });
    await given.later(60);
    await given.once(of, 'delivered');
    expect(box.received).toHaveLength(1);
  });
});

test('what happens within a digest, or while it is quiet, comes together at its end', async () => {
  const of = await given.rule({ digestMinutes: 60 });
  const box = await given.mailbox();
  given.send({ mailbox: box });
  await bench.finishRuns(3);
  await until('three that wait', async () => (await given.waiting()) === 3);
  expect(await given.messages(of)).toEqual([]);
  await given.later(61);
  const [message] = await given.once(of, 'delivered');
  expect(message).toMatchObject({ types: ['run.finished', 'run.finished', 'run.finished'] });
  expect(box.received[0]?.mail.subject).toBe('3 notifications of Baton');
});

test('nobody is told of a question, or reminded of one, that somebody has answered', async () => {
  const of = await given.rule({ remind: { everyMinutes: 30, most: 2 } });
  const box = await given.mailbox();
  given.send({ mailbox: box });
  const first = await given.ask('Ship it?');
  await given.once(of, 'delivered', 1);
  await given.later(31);
  await given.once(of, 'delivered', 2);
  expect(box.received.map(({ mail }) => mail.subject)).toEqual([
    'Approval wanted: Ship it?',
    'Approval still wanted: Ship it?',
  ]);
  await first.answer();
  await until('a reminder that waits', async () => (await given.waiting()) === 1);
  await given.later(31);
  await until('nothing that waits', async () => (await given.waiting()) === 0);
  expect((await given.messages(of)).length).toBe(2);
});

test('a mail that waited for its server says nothing of what somebody has answered meanwhile', async () => {
  let isAway = true;
  const of = await given.rule({ digestMinutes: 60 });
  const box = await given.mailbox(() => (isAway ? { code: 451, text: 'come again' } : null));
  given.send({ mailbox: box });
  const alone = await given.ask('Ship it?');
  await until('one that waits', async () => (await given.waiting()) === 1);
  await given.later(61);
  await until('a first attempt', async () => (await given.messages(of))[0]?.attempts === 1);
  const other = await given.ask('Drop it?');
  await bench.finishRuns(1);
  await until('two more that wait', async () => (await given.waiting()) === 2);
  await given.later(61);
  await until(
    'its attempt',
    async () => (await given.messages(of)).filter(({ attempts }) => attempts > 0).length === 2,
  );
  await alone.answer();
  await other.answer();
  isAway = false;
  await given.later(600);
  await given.once(of, 'delivered');
  const unsent = (await given.once(of, 'failed')).find(({ status }) => status === 'failed');
  expect(unsent).toMatchObject({ error: 'not sent: somebody has answered what it asks', nextAttemptAt: null });
  expect(box.received.map(({ mail }) => mail.subject)).toEqual(['A run of greet succeeded']);
});

test('what cannot be sent at all counts as an attempt, and says why', async () => {
  const of = await given.rule();
  given.send({ mailServer: { url: 'smtp://u:a-secret%off@127.0.0.1:9', from: 'a@b.example' } });
  await bench.finishRuns(1);
  await until('an attempt', async () => (await given.messages(of))[0]?.attempts === 1);
  expect((await given.messages(of))[0]).toMatchObject({ status: 'pending', error: 'not sent: URI malformed' });
});

test('an event or a rule that cannot be read holds up nothing that is known, and the log says so', async () => {
  const of = await given.rule();
  const newer = await given.rule({ name: 'newer' });
  const owner = createPool(bench.databaseUrl, { role: 'owner', applicationName: 'rules-test', max: 1 });
  given.closing(() => owner.end());
  await owner.query(`update baton.notification_rule set events = '{run.dreamt}' where rule_id = $1`, [newer.ruleId]);
  const box = await given.mailbox();
  const said: string[] = [];
  const say = (_: object, message: string): void => void said.push(message);
  given.send({ mailbox: box, log: { info: say, warn: say } });
  await bench.finishRuns(1);
  await given.once(of, 'delivered');
  const broken = await bench.log.start();
  await bench.log.append(broken, { type: 'RunFailed', data: { odd: true } });
  await until('the complaint', () =>
    said.includes('rules of notifications learn nothing new: an event cannot be read'),
  );
  await storeTestNotice(bench.gateway, of.ruleId);
  await given.once(of, 'delivered', 2);
  expect(said.filter((each) => each.includes('is left out'))).toHaveLength(1);
});

test('reminders end after so many', async () => {
  const of = await given.rule({ remind: { everyMinutes: 5, most: 1 } });
  const box = await given.mailbox();
  given.send({ mailbox: box });
  const { answer } = await given.ask('Ship it?');
  await given.once(of, 'delivered', 1);
  await given.later(6);
  await given.once(of, 'delivered', 2);
  expect(await given.waiting()).toBe(0);
  await answer();
});

describe('a channel that takes what Slack takes', () => {
  const channel = { type: 'slack', urlFrom: 'BATON_NOTIFY_TEAM' } as const;

  test('is told by a URL that no table holds, and no sign of a title means more than itself', async () => {
    const of = await given.rule({ channel });
    const receiver = await bench.receiver(reply(200));
    given.send({ secrets: { BATON_NOTIFY_TEAM: receiver.url } });
    const { runId, answer } = await given.ask('<!channel> & <https://evil.example|click>');
    await given.once(of, 'delivered');
    await answer();
    const { text } = JSON.parse(receiver.received[0]?.body ?? '{}');
    expect(text).toContain(`<${PUBLIC_URL}/approvals?id=${runId}-1|`);
    expect(text).toContain('&lt;!channel&gt; &amp; &lt;https://evil.example¦click&gt;');
    const { rows } = await bench.gateway.query('select row_to_json(r)::text as row from baton.notification_rule r');
    expect(JSON.stringify(rows)).not.toContain(String(receiver.port));
  });

  test('that is gone is told so; an address that is nobody’s business is not called, and an unset one is said', async () => {
    const of = await given.rule({ channel });
    const gone = await bench.receiver(reply(404));
    const first = given.send({ secrets: { BATON_NOTIFY_TEAM: gone.url } });
    await bench.finishRuns(1);
    const [failed] = await given.once(of, 'failed');
    expect(failed?.error).toMatch(/^answered 404/);
    await first.stop();
    const strict = given.send({ secrets: { BATON_NOTIFY_TEAM: gone.url }, allowPrivate: false });
    await sendMessageAgain(bench.gateway, of.ruleId, failed?.messageId ?? '');
    await until(
      'a refusal',
      async () => (await given.messages(of))[0]?.error?.startsWith('not sent: the URL') === true,
    );
    expect(gone.received).toHaveLength(1);
    await strict.stop();
    given.send();
    await given.later(60);
    await until('it is said', async () => (await given.messages(of))[0]?.error?.includes('BATON_NOTIFY_TEAM') === true);
  });
});

test('a dead letter is told once, a test at once, and a rule that is removed takes what it was to tell with it', async () => {
  const of = await given.rule({
    events: ['dead-letter.recorded'],
    digestMinutes: 0,
    quiet: { from: '00:00', to: '23:59' },
  });
  const box = await given.mailbox();
  given.send({ mailbox: box });
  const letter = { source: 'inbox', name: 'submit', reason: 'no', message: '{}', requestId: 'x' };
  await recordDeadLetter(bench.hub, letter);
  await until('one that waits', async () => (await given.waiting()) === 1);
  await storeTestNotice(bench.gateway, of.ruleId);
  await given.once(of, 'delivered');
  expect(box.received[0]?.mail.subject).toMatch(/^A test of Baton/);
  await given.later(1_440);
  await given.once(of, 'delivered', 2);
  expect(box.received.map(({ mail }) => mail.subject)).toContain('A message could not be taken');
  expect(await removeRule(bench.gateway, of.ruleId)).toBe(true);
  expect(await given.messages(of)).toEqual([]);
});
