import { CreateRuleBody, type NotificationMessage } from '@baton/contracts';
import { createPool } from '@baton/event-store';
import type { z } from 'zod';
import { listMessages } from '../rules/messages.js';
import { RuleSender, type RuleSenderOptions } from '../rules/rule-sender.js';
import { createRule, type ListeningRule } from '../rules/rules-store.js';
import { type Mailbox, openMailbox } from './mailbox.js';
import { approvalAsked } from './test-log.js';
import { PUBLIC_URL, until, WebhookBench } from './webhook-bench.js';

const ADA = { type: 'user', id: 'ada' } as const;
export const MAIL = { type: 'email', to: ['ada@team.example', 'bo@team.example'] } as const;

/** A database with a log and rules, mailboxes, and senders that a test may start and stop. */
export class RuleBench {
  readonly #open: (() => Promise<unknown>)[] = [];

  private constructor(readonly bench: WebhookBench) {}

  static async open(postgresUrl: string): Promise<RuleBench> {
    return new RuleBench(await WebhookBench.open(postgresUrl));
  }

  async close(): Promise<void> {
    for (const close of this.#open.splice(0).reverse()) await close();
    await this.bench.close();
  }

  /** Something to be closed after all that was opened later. */
  closing(close: () => Promise<unknown>): void {
    this.#open.push(close);
  }

  async rule(body: Partial<z.input<typeof CreateRuleBody>> = {}): Promise<ListeningRule> {
    const whole = CreateRuleBody.parse({ name: 'team', channel: { ...MAIL, to: [...MAIL.to] }, ...body });
    const made = await createRule(this.bench.gateway, { ...whole, createdBy: ADA });
    if (typeof made === 'string') throw new Error(made);
    return made;
  }

  send({ mailbox, ...options }: Partial<RuleSenderOptions> & { readonly mailbox?: Mailbox } = {}): RuleSender {
    const say = (): void => {};
    const sender = RuleSender.start({
      ...this.bench.ports,
      log: { info: say, warn: say },
      cut: (text) => text.replaceAll('a-secret', '[secret]'),
      random: () => 0,
      pollMs: 10,
      mailServer: mailbox === undefined ? null : { url: mailbox.url, from: 'Baton <baton@team.example>' },
      secrets: {},
      publicUrl: PUBLIC_URL,
      ...options,
    });
    this.closing(() => sender.stop());
    return sender;
  }

  async mailbox(...refuse: Parameters<typeof openMailbox>): Promise<Mailbox> {
    const opened = await openMailbox(...refuse);
    this.closing(() => opened.close());
    return opened;
  }

  messages({ ruleId }: ListeningRule): Promise<readonly NotificationMessage[]> {
    return listMessages(this.bench.gateway, ruleId, 100);
  }

  /** Once as many messages as are wanted are at a status. */
  async once(
    of: ListeningRule,
    status: NotificationMessage['status'],
    count = 1,
  ): Promise<readonly NotificationMessage[]> {
    let found: readonly NotificationMessage[] = [];
    await until(`${count} messages that are ${status}`, async () => {
      found = await this.messages(of);
      return found.filter((message) => message.status === status).length >= count;
    });
    return found;
  }

  /** So much time passes for what waits. */
  async later(minutes: number): Promise<void> {
    const owner = createPool(this.bench.databaseUrl, { role: 'owner', applicationName: 'rules-test', max: 1 });
    const move = `- $1 * interval '1 minute'`;
    await owner.query(`update baton.notice set due_at = due_at ${move} where message_id is null`, [minutes]);
    await owner.query(`update baton.notification_message set due_at = due_at ${move} where status = 'pending'`, [
      minutes,
    ]);
    await owner.end();
  }

  /** How many notices wait for their time. */
  async waiting(): Promise<number> {
    return (await this.bench.hub.query('select 1 from baton.notice where message_id is null')).rows.length;
  }

  /** A question that the hub has a command for, as long as nobody has answered. */
  async ask(title: string): Promise<{ readonly runId: string; readonly answer: () => Promise<void> }> {
    const runId = await this.bench.log.start();
    const owner = createPool(this.bench.databaseUrl, { role: 'owner', applicationName: 'rules-test', max: 1 });
    await owner.query(
      `insert into baton.command (command_id, run_id, name, seq, lane, message, priority)
       select $1, $2, 'approval', coalesce(max(seq), 0) + 1, 0, '{}', 2 from baton.command`,
      [`${runId}-1`, runId],
    );
    await this.bench.log.append(runId, approvalAsked(runId, { title, body: 'what only the run knows' }));
    return {
      runId,
      answer: async () => {
        await owner.query('delete from baton.command where run_id = $1', [runId]);
        await owner.end();
      },
    };
  }
}
