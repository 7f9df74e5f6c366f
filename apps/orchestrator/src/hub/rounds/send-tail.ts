import type { CommandRow } from '@baton/event-store';
import type { Dispatcher } from '../dispatcher.js';
import type { HubStore } from '../hub-store.js';
import { type AskingPorts, askForTasks } from './ask-queues.js';
import { pagesOf } from './pages.js';

const PAGE = 1_000;

export interface TailPorts extends AskingPorts {
  readonly store: Pick<HubStore, 'undispatched'>;
  readonly dispatcher: Dispatcher;
}

/**
 * Sends what was committed but never sent, by this process or by one that is gone, and moves the own cursor past it. The
 * cursor of a lane that nobody holds stays, so what one round sent is left out by the next: the sweep looks after it.
 */
export function createTailSender(ports: TailPorts, lane: number): (olderThanMs: number) => Promise<void> {
  const { dispatcher, store, log } = ports;
  let sentBefore: ReadonlySet<string> = new Set();

  /** What this process has sent itself need not be in its queue any more. */
  const isMissing = (command: CommandRow): boolean =>
    !sentBefore.has(dispatcher.jobIdOf(command)) &&
    dispatcher.handoverOf(command) === undefined &&
    (command.lane !== lane || command.seq > dispatcher.dispatchedSeq);

  const sendMissing = async (page: readonly CommandRow[]): Promise<void> => {
    const unsent = await unknownOf(page.filter(isMissing), ports);
    await dispatcher.send(unsent);
    if (unsent.length > 0) log.info({ commands: unsent.length }, 'undispatched commands sent');
  };

  return async (olderThanMs) => {
    const { failures, isBehind } = dispatcher;
    // The cursor may only pass what was sent, so a hub that is behind must see all of its tail.
    const age = isBehind ? {} : { olderThanMs };
    const sent = new Set<string>();
    let ownSeq = 0;
    let isPassable = true;
    for await (const page of pagesOf((next) => store.undispatched({ ...age, ...next }), PAGE)) {
      await sendMissing(page);
      for (const command of page) sent.add(dispatcher.jobIdOf(command));
      for (const command of page.filter((each) => each.lane === lane)) {
        // What is on its way may fail yet.
        isPassable &&= dispatcher.handoverOf(command) !== 'on-its-way';
        if (isPassable) ownSeq = command.seq;
      }
    }
    sentBefore = sent;
    dispatcher.caughtUp(ownSeq, failures);
  };
}

/** Those whose job is in none of the doors of its queue: by which it was sent before, nobody may know any more. */
async function unknownOf(commands: readonly CommandRow[], ports: TailPorts): Promise<readonly CommandRow[]> {
  const stateOf = await askForTasks(commands, ports.dispatcher, ports);
  // Also where its queue could not say: sent again under its id it does no harm.
  return commands.filter((command) => (stateOf(command) ?? 'unknown') === 'unknown');
}
