import type { NotificationMessage, RuleView } from '@baton/contracts';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Bench } from '../testing/baton.js';
import { json } from '../testing/http-server.js';

let bench: Bench;
beforeEach(async () => {
  bench = await Bench.start();
});
afterEach(() => bench.stop());

const rule: RuleView = {
  ruleId: '7c1d02aa-3d4b-4a51-9a58-5b1f3a0c2e11',
  name: 'team',
  channel: { type: 'email', to: ['ada@team.example'] },
  events: ['run.finished'],
  statuses: ['failed'],
  workflows: ['report'],
  labels: { team: 'red' },
  quiet: { from: '22:00', to: '07:00', timeZone: 'Europe/Berlin', days: ['sunday'] },
  digestMinutes: 60,
  remind: { everyMinutes: 60, most: 3 },
  createdAt: '2026-01-01T00:00:00.000Z',
  createdBy: { type: 'user', id: 'ada' },
};
const message: NotificationMessage = {
  messageId: '0f3c9a52-66b1-4c39-9d0e-0d6a3b1f8a11',
  status: 'failed',
  types: ['run.finished'],
  runIds: [],
  createdAt: '2026-01-01T00:00:00.000Z',
  attempts: 1,
  nextAttemptAt: null,
  error: 'refused by the mail server: 550 no such mailbox',
};
const serve = (route: string, status: number, body: unknown): void =>
  void bench.routes.set(route, (_request, response) => json(response, status, body));

test('a rule is made of what the options say', async () => {
  serve('POST /v1/notification-rules', 201, rule);
  const who = ['--email', 'ada@team.example', '--events', 'run.finished', '--status', 'failed', '--workflow', 'report'];
  const when = [
    '--quiet',
    '22:00-07:00',
    '--quiet-day',
    'sunday',
    '--time-zone',
    'Europe/Berlin',
    '--digest',
    '1h',
    '--remind',
    '1h',
  ];
  const { exitCode, stdout } = await bench.baton([
    'notification',
    'rule',
    'add',
    'team',
    ...who,
    ...when,
    '--label',
    'team=red',
  ]);
  expect(exitCode).toBe(0);
  expect(stdout).toMatch(/^quiet +22:00-07:00 Europe\/Berlin, sunday$/m);
  expect(bench.lastBody()).toEqual({
    name: 'team',
    channel: { type: 'email', to: ['ada@team.example'] },
    events: ['run.finished'],
    statuses: ['failed'],
    workflows: ['report'],
    labels: { team: 'red' },
    quiet: { from: '22:00', to: '07:00', timeZone: 'Europe/Berlin', days: ['sunday'] },
    digestMinutes: 60,
    remind: { everyMinutes: 60, most: 3 },
  });
});

test.each([
  [[], 'not said once where'],
  [['--email', 'a@b.example', '--slack', 'BATON_NOTIFY_X'], 'not said once where'],
  [['--email', 'nobody'], '--email must be an e-mail address'],
  [['--slack', 'https://hooks.example/x'], '--slack must be the name of a variable'],
  [['--email', 'a@b.example', '--events', 'run.ended'], 'There is no event'],
  [['--email', 'a@b.example', '--quiet', 'nights'], 'not of the form FROM-TO'],
  [['--email', 'a@b.example', '--time-zone', 'UTC'], 'no meaning without --quiet'],
  [['--email', 'a@b.example', '--digest', 'often'], 'is not a time'],
  [['--email', 'a@b.example', '--remind', '1m'], '--remind must be at least 5 min.'],
  [['--email', 'a@b.example', '--status', 'failed,succeeded'], '--status must be one of'],
])('%j is refused before anything is asked', async (words, reason) => {
  const { exitCode, stderr } = await bench.baton(['notification', 'rule', 'add', 'team', ...words]);
  expect([exitCode, stderr]).toEqual([2, expect.stringContaining(reason)]);
  expect(bench.lastBody()).toBeNull();
});

test('rules are listed, shown with what was told and why it was not, tested and removed', async () => {
  serve('GET /v1/notification-rules', 200, { rules: [rule], unreadable: [] });
  serve('GET /v1/notification-rules/team', 200, rule);
  serve('GET /v1/notification-rules/team/messages', 200, { messages: [message] });
  serve('POST /v1/notification-rules/team/test', 200, message);
  serve(`POST /v1/notification-rules/team/messages/${message.messageId}/retry`, 202, { ...message, status: 'pending' });
  bench.routes.set('DELETE /v1/notification-rules/team', (_request, response) => void response.writeHead(204).end());
  expect((await bench.baton(['notification', 'rule', 'list'])).stdout).toMatch(
    /^team +email +ada@team.example +run.finished of failed, report, team=red/m,
  );
  expect((await bench.baton(['notification', 'rule', 'show', 'team'])).stdout).toContain('550 no such mailbox');
  expect((await bench.baton(['notification', 'test', 'team'])).exitCode).toBe(1);
  serve('POST /v1/notification-rules/team/test', 200, { ...message, status: 'pending' });
  const tested = await bench.baton(['notification', 'test', 'team']);
  expect([tested.exitCode, tested.stderr]).toEqual([1, expect.stringContaining('It is tried again')]);
  expect((await bench.baton(['notification', 'retry', 'team', message.messageId])).stdout).toMatch(
    /^status +pending$/m,
  );
  expect((await bench.baton(['notification', 'rule', 'remove', 'team'])).exitCode).toBe(0);
});
