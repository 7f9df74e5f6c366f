import { RetryableError, toError, URGENCIES } from '@baton/contracts';
import type { CommandRow } from '@baton/event-store';
import type { JobState } from '@baton/messaging';
import type { Logger } from '@baton/service-kit';
import type { Dispatcher } from '../dispatcher.js';
import { keyOf } from '../task-bundles.js';

/*
 * What waits behind the own door where nobody takes it is taken back and sent again, as it would be sent now: all of a queue at
 * whose door nobody looks, and what is on a rung where workers of an older Baton look at none. A hub of an older Baton puts it
 * there, and so did this one, if these workers came later. Its row has the rung still, and how its job is sent nobody knows: so
 * it is remembered, and done once for each. Done in each round it would go behind all others in each.
 */

export interface ReachPorts {
  readonly dispatcher: Dispatcher;
  /** Takes back what nobody has in work behind the own door of a queue; gives the ids of those that it took. */
  readonly withdraw: (queue: string, jobIds: readonly string[]) => Promise<ReadonlySet<string>>;
  readonly log: Logger;
}

export function createReach(ports: ReachPorts) {
  const { dispatcher } = ports;
  let inFrontBefore: ReadonlySet<string> = new Set();
  let inFront = new Set<string>();

  const isBehind = ({ queue, priority }: CommandRow): boolean =>
    queue !== null && priority >= URGENCIES && !dispatcher.knowsRungs(queue);
  // Also of a round that broke off.
  const isInFront = (key: string): boolean => inFrontBefore.has(key) || inFront.has(key);
  const isLeft = (command: CommandRow): boolean =>
    command.queue !== null &&
    (dispatcher.isOwnDoorLeft(command.queue) || (isBehind(command) && !isInFront(keyOf(command))));

  return {
    /** @returns those that were sent again */
    async bring(
      page: readonly CommandRow[],
      stateOf: (command: CommandRow) => JobState | undefined,
    ): Promise<ReadonlySet<CommandRow>> {
      const idle = page.filter((command) => isLeft(command) && isIdle(stateOf(command)));
      const moved = new Set<CommandRow>();
      for (const [queue, commands] of Map.groupBy(idle, (command) => command.queue ?? '')) {
        for (const command of await sendAnew(queue, commands, ports)) moved.add(command);
      }
      for (const command of page.filter(isBehind)) {
        const key = keyOf(command);
        if (moved.has(command) || isInFront(key)) inFront.add(key);
      }
      return moved;
    },
    /** What was not seen in this round is settled, or its workers look at rungs now. */
    endRound(): void {
      inFrontBefore = inFront;
      inFront = new Set();
    },
  };
}

const isIdle = (state: JobState | undefined): boolean => state === 'waiting' || state === 'delayed';

/** Where the process ends in between, their jobs are gone: the next round sends them. */
async function sendAnew(
  queue: string,
  commands: readonly CommandRow[],
  { dispatcher, withdraw, log }: ReachPorts,
): Promise<readonly CommandRow[]> {
  const jobsOf = (command: CommandRow) => [dispatcher.jobIdOf(command), dispatcher.ownJobIdOf(command)];
  try {
    const taken = await withdraw(queue, [...new Set(commands.flatMap(jobsOf))]);
    const stranded = commands.filter((command) => jobsOf(command).some((jobId) => taken.has(jobId)));
    await dispatcher.send(stranded);
    if (stranded.length > 0) log.info({ queue, commands: stranded.length }, 'commands brought within reach');
    return stranded;
  } catch (thrown) {
    if (thrown instanceof RetryableError) throw thrown;
    log.error({ queue, err: toError(thrown) }, 'commands could not be brought within reach');
    return [];
  }
}
