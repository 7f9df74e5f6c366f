import type { Advise } from '@baton/client';

/** What to do next in words of the tools, where the API speaks of HTTP. */
const NEXT_BY_CODE: Readonly<Record<string, string>> = {
  'gateway-unreachable': 'Baton is not running, or not where this server looks for it: tell the person.',
  'run-not-found': 'list_runs has the runs there are.',
  'run-id-ambiguous': 'Give more of the id.',
  'run-not-finished': 'Wait for it with wait_run, and ask again when it has ended.',
  'run-not-running': 'get_run says how it stands.',
  'run-not-paused': 'get_run says how it stands; one that failed is taken up with retry_run.',
  'run-not-failed': 'get_run says how it stands; fork_run begins a new run from any of its events.',
  'run-ended': 'get_result has what came of it.',
  'run-not-started': 'Try again in a moment; get_run says how it stands.',
  'no-such-event': 'get_events has its events.',
  'workflow-not-found': 'list_workflows has the workflows there are.',
  'unknown-workflow': 'list_workflows has the workflows there are.',
  'workflow-invalid': 'Correct what is named; validate_workflow checks without publishing.',
  'invalid-input': 'Correct what is named; get_workflow has the schema of the input.',
  'approval-not-found': 'list_approvals has what is open.',
  'approval-changed':
    'Nothing was decided. Read get_approval again, show the person what is asked now, and decide with its sha256.',
  'approval-answered': 'An answer stands; get_approval shows it.',
  'approval-answered-already': 'Another person has to answer.',
  'approval-not-an-approver': 'Somebody else has to answer; get_approval says who may.',
  'approval-own-run': 'Somebody else has to answer.',
  'approval-gone': 'get_run says what became of the run.',
  'no-such-move': 'get_approval shows the moves that it offers.',
  'request-done': 'get_run shows that run.',
  'schedule-not-found': 'list_schedules has the schedules there are.',
  'schedule-exists': 'Choose another name, or remove that one with delete_schedule.',
  'schedule-changed':
    'Nothing was changed. Read get_schedule again, look whether it is still to be changed, and send its version.',
  'schedule-stopped':
    'Tell the person: they take it over with `baton schedule take-over` or in the dashboard, and its runs are started in their name then. No tool does that.',
  'too-many-schedules': 'Remove one with delete_schedule, where a person agrees.',
  'invalid-token': 'Send the token as the task came with it, whole.',
  'task-does-not-exist': 'list_runs has the runs there are.',
  'task-timed-out':
    'Nothing was changed; get_run says how the run stands. A task that is tried again has another token.',
  'cannot-be-rated': 'get_events has the decisions of the run with their ids, and its states.',
  'worker-too-old': 'Leave mcpServers out, or tell the person that the workers are to be brought up to date.',
  'invalid-parameter': 'Correct what is named.',
  'invalid-body': 'Correct what is named.',
  'too-many-requests': 'Wait a few seconds; wait_run follows a run without asking again and again.',
};

const SPEAKS_OF_HTTP = /\b(GET|POST|PUT|PATCH|DELETE) \/|errors\[\]|\bheaders?\b|\bIf-Match\b|\bETag\b/;

export const adviseModels: Advise = ({ code, status, next }) => {
  const own = NEXT_BY_CODE[code];
  if (own !== undefined) return own;
  if (status === 401) return 'The key that this server asks with is not taken any more: tell the person.';
  if (status === 403) return 'The key that this server asks with may not do this: tell the person.';
  return next !== undefined && SPEAKS_OF_HTTP.test(next) ? 'Look at what is named, and tell the person.' : undefined;
};
