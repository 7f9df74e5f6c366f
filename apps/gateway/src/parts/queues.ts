import { INTAKE_QUEUE } from '@baton/contracts';
import {
  type Messaging,
  type MessagingConfig,
  type OutgoingJob,
  openMessaging,
  type QueueCounts,
  type QueueFlow,
  queueEpoch,
} from '@baton/messaging';
import { type Logger, readSecrets } from '@baton/service-kit';

/**
 * The queues, opened when first needed and tried again when that failed: everything that only reads must work while the
 * queue server is away, also when the gateway starts at such a time.
 */
export class Queues {
  #opening: Promise<Messaging> | null = null;

  constructor(
    private readonly config: MessagingConfig,
    private readonly log: Logger,
  ) {}

  /** @throws RetryableError `queue-unreachable` and what openMessaging throws */
  async publish(queue: string, jobs: readonly OutgoingJob[]): Promise<void> {
    await (await this.#messaging()).publish(queue, jobs);
  }

  /** @throws as publish */
  async counts(queue: string): Promise<QueueCounts> {
    return (await this.#messaging()).counts(queue);
  }

  /** @throws as publish */
  async flow(queue: string): Promise<QueueFlow> {
    return (await this.#messaging()).flow(queue);
  }

  /**
   * Has the hub send again what the queues should hold: without the word that they are whole, its next round fills them.
   * @throws as publish
   */
  async distrust(id: string): Promise<void> {
    await queueEpoch(await this.#messaging()).beginRebuild(id);
  }

  /** Calls `take` with the runs that have ended, when a hub tells of them, for as long as the queues are open. @throws as publish */
  async hearEnds(take: (runIds: readonly string[]) => void): Promise<void> {
    await (await this.#messaging()).hearEnds(take);
  }

  /** Resolves when the queue server answers. @throws as publish */
  async check(): Promise<void> {
    await this.counts(INTAKE_QUEUE);
  }

  async close(): Promise<void> {
    const opened = await this.#opening?.catch(() => null);
    await opened?.close();
  }

  #messaging(): Promise<Messaging> {
    this.#opening ??= openMessaging(this.config, {
      name: 'baton-gateway',
      log: this.log,
      cut: readSecrets(),
      postgresConnections: 2,
    }).catch((error: unknown) => {
      this.#opening = null;
      throw error;
    });
    return this.#opening;
  }
}
