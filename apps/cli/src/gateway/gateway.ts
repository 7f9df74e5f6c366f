import { type Advise, type Client, openClient } from '@baton/client';
import type { Connection } from './connection.js';

/** The HTTP API as this process sees it. */
export type Gateway = Client;

const NEXT_BY_STATUS: Readonly<Record<number, string>> = {
  401: 'Set BATON_TOKEN to a valid token; a local stack writes its own to `.baton/env`.',
  403: 'Use a BATON_TOKEN with the right for this.',
  404: 'Look at what there is with `baton run list`.',
};

/** What to do next in words of this command, where the gateway speaks of HTTP. */
const NEXT_BY_CODE: Readonly<Record<string, string>> = {
  'gateway-unreachable': 'Start the stack with `npm start` (or `baton up`), or set BATON_URL.',
  'gateway-answer-unknown': 'Check BATON_URL, and that baton and the gateway have the same version.',
  'run-not-found': 'List the runs with `baton run list`.',
  'run-rejected': 'See the whole message with `baton queue dead-letters -o json`.',
  'run-not-finished': 'Follow it with `baton run watch`, and ask again when it has ended.',
  'workflow-not-found': 'List the workflows with `baton workflow list`.',
  'unknown-workflow': 'List the workflows with `baton workflow list`.',
  'worker-too-old': 'Bring it up to date, or submit without --mcp-servers.',
  'run-not-running': 'See how it stands with `baton run get`.',
  'run-not-paused': 'See how it stands with `baton run get`; one that failed is taken up with `baton run retry`.',
  'run-not-failed': 'See how it stands with `baton run get`; begin a new run from it with `baton run fork`.',
  'no-such-event': 'List its events with `baton run events`.',
  'approval-not-found': 'List what is open with `baton approval list`.',
  'no-such-move': 'See the moves it offers with `baton approval show`.',
  'key-not-found': 'List the keys with `baton auth key list`.',
  'key-exists': 'Choose another name; `baton auth key list` has those that are taken.',
  'key-reserved': 'Choose another name.',
  'approval-answered': 'An answer stands. See it with `baton approval show`.',
  'approval-answered-already': 'Another person has to answer; see who with `baton approval show`.',
  'approval-not-an-approver': 'See who may answer with `baton approval show`.',
  'approval-own-run': 'Somebody else has to answer; see who may with `baton approval show`.',
  'approval-gone': 'See what became of the run with `baton run get`.',
  'approval-changed': 'Look at it again with `baton approval show`.',
  'dead-letter-not-found': 'List them with `baton queue dead-letters --status all`.',
  'dead-letter-requeued': 'Where it failed once more there is a new one: see `baton queue dead-letters`.',
  'request-done': 'See that run with `baton run get`.',
  'webhook-not-found': 'List the webhooks with `baton webhook list`.',
  'webhook-refused':
    'Correct what is named. Private addresses and plain http need BATON_WEBHOOK_ALLOW_PRIVATE=true for gateway and orchestrator.',
  'event-not-found': 'List its events with `baton run events`.',
  'artifact-not-found': 'See what it has made with `baton run result`.',
  'worker-not-found': 'List the workers with `baton worker list`.',
  'subject-not-found': 'Look whether the id is the one that the inputs of its runs name.',
  'session-not-found': 'It may be over already.',
  'schedule-not-found': 'List the schedules with `baton schedule list`.',
  'schedule-stopped': 'Have its runs started in your name with `baton schedule take-over`.',
  'schedule-ended': 'Make another one, or start a run now with `baton schedule trigger`.',
  'schedule-needs-key': 'Have an admin make a key for it with `baton auth key create`, and use that.',
  'schedule-exists': 'Choose another name, or remove that one with `baton schedule delete`.',
  'schedule-changed': 'Look at it again with `baton schedule show`.',
  'too-many-schedules': 'Remove one with `baton schedule delete`.',
  'goal-in-schedule': 'Submit the goal once, and make the schedule of the workflow that was composed.',
  'approval-needed': 'Leave out --yes and have it approved, or use a key that may approve.',
  'rule-not-found': 'List the rules with `baton notification rule list`.',
  'rule-exists': 'Choose another name, or remove that one with `baton notification rule remove`.',
  'too-many-rules': 'Remove one with `baton notification rule remove`.',
  'message-not-found': 'See what there is with `baton notification rule show`; what was settled a month ago is gone.',
  'hook-not-found': 'List the hooks with `baton hook list`.',
  'hook-exists': 'Choose another name, or remove that one with `baton hook delete`.',
  'too-many-hooks': 'Remove one with `baton hook delete`.',
  'hook-needs-key': 'Have an admin make a key for it with `baton auth key create`, and make the hook with that.',
  'hook-secret-missing': 'The operator sets the variable where the gateway is started.',
  'invalid-token': 'Give the token as the task came with it, whole.',
  'task-does-not-exist': 'Its run is gone, or it is not one of yours: see `baton run list`.',
  'task-timed-out': 'See what became of it with `baton run get`; a task that is tried again has another token.',
  'run-ended': 'See the outcome with `baton run get`.',
  'run-not-started': 'Try again in a moment; see how it stands with `baton run get`.',
  'workflow-invalid': 'Correct what is named; `baton workflow validate FILE` checks without publishing.',
  'delivery-not-found': 'List the deliveries with `baton webhook deliveries`; what was settled a month ago is gone.',
  'too-many-webhooks': 'Remove one with `baton webhook remove`.',
  'no-workspace': 'Submit with --workspace DIR; a run has a version of it once its first round of code is done.',
  'workspace-not-found': 'Submit the workspace again with `baton run submit --workspace DIR`.',
  'no-such-round': 'See its rounds with `baton run diff ID -o json`.',
  'invalid-parameter': 'Correct what is named.',
  'invalid-body': 'Correct what is named.',
  'cannot-be-rated': 'See its states with `baton run get`, and its decisions with `baton decisions list`.',
  'invalid-input': 'Correct what is named; `baton workflow show` has the schema of the input.',
};

/** Advice for whoever writes requests says nothing to a person at a terminal. */
const SPEAKS_OF_HTTP = /\b(GET|POST|PUT|PATCH|DELETE) \/|errors\[\]|\bheaders?\b|\bIf-Match\b|\bETag\b/;

/** What to do next, as somebody at a terminal can do it. */
const inOurWords: Advise = ({ code, status, next }) => {
  // Whatever the server advises, a refused token is always about this variable.
  if (status === 401) return NEXT_BY_STATUS[401];
  const ours = NEXT_BY_CODE[code] ?? (next === undefined || SPEAKS_OF_HTTP.test(next) ? undefined : next);
  if (ours !== undefined || status === null) return ours;
  return NEXT_BY_STATUS[status] ?? (status < 500 ? 'See --help of the command.' : 'Look at the log of the gateway.');
};

export const openGateway = (connection: Connection): Gateway => openClient({ ...connection, advise: inOurWords });
