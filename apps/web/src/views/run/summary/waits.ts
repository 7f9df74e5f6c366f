import type { Schemas } from '../../../api/api.js';

type Run = Pick<Schemas['RunDetail'], 'status' | 'waitingFor' | 'work' | 'kept' | 'deadLetter'>;

/** Something that a run waits for, in words; a time in it is told by whoever shows it, and where it leads to. */
export interface Wait {
  readonly key: string;
  readonly text: string;
  /** Said behind the text, as a time from now. ISO 8601 */
  readonly at?: string;
  readonly to?:
    | { readonly is: 'approval'; readonly id: string }
    | { readonly is: 'run'; readonly id: string }
    | { readonly is: 'dead-letters' }
    | { readonly is: 'workers' };
  /** Whether nobody can go on without somebody's help. */
  readonly isStuck: boolean;
}

/** All that keeps a run from going on, what somebody has to do something about first. */
export function waitsOf(run: Run, nowMs: number): readonly Wait[] {
  const waits = alikeOnce([...aboutWhole(run), ...run.waitingFor.map(aboutWait), ...aboutWork(run, nowMs)]);
  return waits.sort((a, b) => Number(b.isStuck) - Number(a.isStuck));
}

/** Items of a Map wait for the same: that is told once, with how many there are and the first of their times. */
function alikeOnce(waits: readonly Wait[]): Wait[] {
  const alike = new Map<string, { readonly wait: Wait; count: number }>();
  for (const wait of waits) {
    const key = wait.to === undefined ? wait.text : wait.key;
    const known = alike.get(key);
    if (known === undefined) alike.set(key, { wait: { ...wait, key }, count: 1 });
    else known.count += 1;
  }
  return [...alike.values()].map(({ wait, count }) =>
    count === 1 ? wait : { ...wait, text: `${count} times: ${wait.text}` },
  );
}

function aboutWhole({ status, kept, deadLetter, waitingFor }: Run): readonly Wait[] {
  const waits: Wait[] = [];
  if (status === 'accepted' && waitingFor.length === 0) {
    waits.push({ key: 'accepted', text: 'It is stored, and begins when an orchestrator takes it.', isStuck: false });
  }
  if (status === 'paused') {
    const came =
      kept.length === 0 ? '' : ` ${kept.length} ${kept.length === 1 ? 'thing' : 'things'} came back meanwhile.`;
    waits.push({ key: 'paused', text: `It is paused: resume it, and it goes on.${came}`, isStuck: false });
  }
  if (deadLetter !== null) {
    waits.push({
      key: 'dead-letter',
      text: `A message of it was put aside (${deadLetter.source}): ${deadLetter.reason} Correct the cause, and have it taken up again.`,
      to: { is: 'dead-letters' },
      isStuck: true,
    });
  }
  return waits;
}

function aboutWait(wait: Run['waitingFor'][number]): Wait {
  switch (wait.kind) {
    case 'approval': {
      const to = { is: 'approval' as const, id: wait.approvalId };
      const key = wait.approvalId;
      return wait.blocked === undefined
        ? { key, text: `${wait.state} waits for a person, asked`, at: wait.since, to, isStuck: false }
        : { key, text: `${wait.state} waits for a person, and nobody can answer: ${wait.blocked}`, to, isStuck: true };
    }
    case 'signal':
      return {
        key: `signal ${wait.name} ${wait.state}`,
        text: `${wait.state} waits for the signal ${wait.name}, since`,
        at: wait.since,
        isStuck: false,
      };
    case 'run':
      return {
        key: wait.runId,
        text: `${wait.state} waits for a run of ${wait.workflow}, since`,
        at: wait.since,
        to: { is: 'run', id: wait.runId },
        isStuck: false,
      };
    case 'timer':
      return {
        key: `timer ${wait.state} ${wait.dueAt}`,
        text: `${wait.state} goes on`,
        at: wait.dueAt,
        isStuck: false,
      };
    case 'token':
      return {
        key: `token ${wait.state}`,
        text: `${wait.state} waits for an answer by the token of its task, since`,
        at: wait.since,
        isStuck: false,
      };
    case 'place': {
      const full = wait.caps.map(({ cap, underWay, most }) => `${cap} has ${underWay} of ${most}`).join(', ');
      const text = full === '' ? 'It is next to begin, waiting since' : `It waits for a place (${full}), since`;
      return { key: 'place', text, at: wait.since, isStuck: false };
    }
  }
}

function aboutWork({ work }: Run, nowMs: number): readonly Wait[] {
  const held = work.filter(({ since }) => Date.parse(since) > nowMs);
  const waits: Wait[] = held.map(({ commandId, state, attempt, since }) => ({
    ...{ key: commandId, text: `${state} is tried again, as attempt ${attempt},`, at: since, isStuck: false },
  }));
  for (const kind of new Set(work.filter(({ hasWorker }) => !hasWorker).map((each) => each.kind))) {
    const text = `No worker of the kind ${kind} is alive: start one.`;
    waits.push({ key: `kind ${kind}`, text, to: { is: 'workers' }, isStuck: true });
  }
  return waits;
}
