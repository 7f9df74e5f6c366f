import { CreateRuleBody, type NotificationMessage, type RuleView, WebhookEvent } from '@baton/contracts';
import { type Context, gatewayOf } from '../context.js';
import { timeOf } from '../durations.js';
import { ExitCode, UsageError } from '../exit-codes.js';
import { type Columns, writeLine, writeList, writeOne } from '../output.js';
import { formatFacts, formatTable, printable } from '../table.js';
import { type OptionNames, refusedOptions } from './refused-options.js';
import { parseLabels } from './run-input.js';
import { oneOf } from './run-options.js';
import { nameOfSchedule } from './schedule-shapes.js';
import { tellUnreadable } from './tell-unreadable.js';

/** An orchestrator has some seconds to send a test. */
const TEST_TIMEOUT_MS = 30_000;

export interface AddRuleOptions {
  readonly email: readonly string[];
  readonly slack?: string;
  readonly events?: string;
  readonly status: readonly string[];
  readonly workflow: readonly string[];
  readonly label: readonly string[];
  readonly quiet?: string;
  readonly quietDay: readonly string[];
  readonly timeZone?: string;
  readonly digest?: string;
  readonly remind?: string;
  readonly remindMost?: string;
}

export async function addRule(context: Context, name: string, options: AddRuleOptions): Promise<ExitCode> {
  const { status, workflow, label, digest, remind, remindMost } = options;
  const events = options.events?.split(',').map((word) => oneOf('event', word.trim(), WebhookEvent.options, 'events'));
  const body = checked({
    name: nameOfSchedule(name),
    channel: channelOf(options),
    ...(events === undefined ? {} : { events }),
    ...(status.length === 0 ? {} : { statuses: status }),
    ...(workflow.length === 0 ? {} : { workflows: workflow }),
    ...(label.length === 0 ? {} : { labels: parseLabels(label) }),
    ...quietOf(options),
    ...(digest === undefined ? {} : { digestMinutes: minutesOf('--digest', digest) }),
    ...(remind === undefined
      ? {}
      : {
          remind: {
            everyMinutes: minutesOf('--remind', remind),
            ...(remindMost === undefined ? {} : { most: Number(remindMost) }),
          },
        }),
  });
  const gateway = await gatewayOf(context);
  const created = await gateway.post('/v1/notification-rules', { body, signal: context.interrupted });
  writeOne(context.io, context.format, created, ruleLines);
  if (context.format === 'table') writeLine(context.io.err, `Try it with \`baton notification test ${created.name}\`.`);
  return ExitCode.ok;
}

function channelOf({ email, slack }: AddRuleOptions): object {
  if (email.length > 0 === (slack !== undefined)) {
    throw new UsageError('It is not said once where people are told.', 'Give --email ADDRESS, or --slack VARIABLE.');
  }
  return slack === undefined ? { type: 'email', to: email } : { type: 'slack', urlFrom: slack };
}

function quietOf({ quiet, quietDay, timeZone }: AddRuleOptions): object {
  const zone = timeZone === undefined ? {} : { timeZone };
  if (quiet === undefined && quietDay.length === 0) {
    if (timeZone === undefined) return {};
    throw new UsageError('--time-zone has no meaning without --quiet.', 'Give --quiet FROM-TO, too.');
  }
  // A day that is quiet as a whole, and no hours of others.
  const [, from, to] = /^(\d\d:\d\d)-(\d\d:\d\d)$/.exec(quiet ?? '00:00-00:00') ?? [];
  if (from === undefined) {
    throw new UsageError(`--quiet ${printable(quiet ?? '')} is not of the form FROM-TO.`, 'Write --quiet 22:00-07:00.');
  }
  return { quiet: { from, to, days: quietDay, ...zone } };
}

const UNITS: Readonly<Record<string, number>> = { m: 1, h: 60, d: 1_440 };

function minutesOf(option: string, word: string): number {
  const [, count = '', unit = ''] = /^(\d{1,6})([mhd])$/.exec(word) ?? [];
  const minutes = UNITS[unit];
  if (minutes !== undefined) return Number(count) * minutes;
  throw new UsageError(`${option} ${printable(word)} is not a time.`, 'Write a number and m, h or d, such as 15m.');
}

const OPTIONS: OptionNames = {
  'channel.to': ['--email'],
  'channel.urlFrom': ['--slack'],
  statuses: ['--status'],
  workflows: ['--workflow'],
  labels: ['--label'],
  'quiet.from': ['--quiet'],
  'quiet.to': ['--quiet'],
  'quiet.days': ['--quiet-day'],
  'quiet.timeZone': ['--time-zone'],
  digestMinutes: ['--digest', 'min'],
  'remind.everyMinutes': ['--remind', 'min'],
  'remind.most': ['--remind-most'],
};

/** Throws UsageError for what the server would refuse anyway. */
function checked(given: object): CreateRuleBody {
  const parsed = CreateRuleBody.safeParse(given);
  if (parsed.success) return parsed.data;
  throw refusedOptions('The rule', { error: parsed.error, given, schema: CreateRuleBody }, OPTIONS);
}

const whereTo = ({ channel }: RuleView): string => (channel.type === 'email' ? channel.to.join(', ') : channel.urlFrom);

function whatOf({ events, statuses, workflows, labels }: RuleView): string {
  const runs = [...(workflows ?? []), ...Object.entries(labels).map(([key, value]) => `${key}=${value}`)];
  const which = [...(statuses ?? []), ...runs];
  return which.length === 0 ? events.join(', ') : `${events.join(', ')} of ${which.join(', ')}`;
}

const ruleColumns: Columns<RuleView> = {
  headings: ['RULE', 'CHANNEL', 'TO', 'EVENTS'],
  row: (rule) => [rule.name, rule.channel.type, whereTo(rule), whatOf(rule)],
};

const ruleLines = (rule: RuleView): readonly string[] =>
  formatFacts([
    ['rule', rule.name],
    [rule.channel.type, whereTo(rule)],
    ['events', whatOf(rule)],
    ...(rule.quiet === null
      ? []
      : [
          [
            'quiet',
            [`${rule.quiet.from}-${rule.quiet.to} ${rule.quiet.timeZone}`, ...rule.quiet.days].join(', '),
          ] as const,
        ]),
    ...(rule.digestMinutes === 0 ? [] : [['digest', `each ${rule.digestMinutes} min`] as const]),
    ...(rule.remind === null
      ? []
      : [['reminders', `each ${rule.remind.everyMinutes} min, ${rule.remind.most} at most`] as const]),
    ['made by', `${rule.createdBy.type} ${rule.createdBy.id}`],
  ]);

const messageRow = (message: NotificationMessage): readonly string[] => [
  message.messageId,
  timeOf(message.createdAt),
  message.status,
  String(message.attempts),
  [...new Set(message.types)].join(', '),
  message.error ?? '',
];

export async function listRules(context: Context): Promise<ExitCode> {
  const gateway = await gatewayOf(context);
  const { rules, unreadable } = await gateway.get('/v1/notification-rules', { signal: context.interrupted });
  writeList(context.io, context.format, rules, ruleColumns, 'There is no rule.');
  tellUnreadable(context, unreadable);
  return ExitCode.ok;
}

export async function showRule(context: Context, name: string): Promise<ExitCode> {
  const options = { params: { path: { name: nameOfSchedule(name) } }, signal: context.interrupted };
  const gateway = await gatewayOf(context);
  const rule = await gateway.get('/v1/notification-rules/{name}', options);
  const { messages } = await gateway.get('/v1/notification-rules/{name}/messages', options);
  writeOne(context.io, context.format, { ...rule, messages }, (shown) => [
    ...ruleLines(shown),
    ...(messages.length === 0
      ? []
      : [
          '',
          ...formatTable(['MESSAGE', 'CREATED', 'STATUS', 'ATTEMPTS', 'TELLS', 'ANSWER'], messages.map(messageRow)),
        ]),
  ]);
  return ExitCode.ok;
}

export async function removeRule(context: Context, name: string): Promise<ExitCode> {
  const params = { path: { name: nameOfSchedule(name) } };
  const gateway = await gatewayOf(context);
  await gateway.delete('/v1/notification-rules/{name}', { params, signal: context.interrupted });
  writeLine(context.io.err, 'Removed, with all that it was still to tell.');
  return ExitCode.ok;
}

export async function testRule(context: Context, name: string): Promise<ExitCode> {
  const params = { path: { name: nameOfSchedule(name) } };
  const gateway = await gatewayOf(context);
  const options = { params, signal: context.interrupted, timeoutMs: TEST_TIMEOUT_MS };
  const tested = await gateway.post('/v1/notification-rules/{name}/test', options);
  writeOne(context.io, context.format, tested, messageLines);
  if (context.format === 'table' && tested.status === 'pending') {
    writeLine(context.io.err, `It is tried again: see what came of it with \`baton notification rule show ${name}\`.`);
  }
  return tested.status === 'delivered' ? ExitCode.ok : ExitCode.error;
}

const messageLines = ({ messageId, status, error }: NotificationMessage): readonly string[] =>
  formatFacts([['message', messageId], ['status', status], ...(error === null ? [] : [['answer', error] as const])]);

export async function retryMessage(context: Context, name: string, id: string): Promise<ExitCode> {
  const params = { path: { name: nameOfSchedule(name), messageId: id } };
  const gateway = await gatewayOf(context);
  const route = '/v1/notification-rules/{name}/messages/{messageId}/retry';
  const message = await gateway.post(route, { params, signal: context.interrupted });
  writeOne(context.io, context.format, message, messageLines);
  return ExitCode.ok;
}
