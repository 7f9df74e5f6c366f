import { randomUUID } from 'node:crypto';
import type { JsonObject } from '@baton/contracts';
import { parseWorkflowDocument, type WorkflowDocument } from '@baton/workflow';
import type { HubMessage } from '../hub/message.js';

function workflow(States: JsonObject): WorkflowDocument {
  const definition = { QueryLanguage: 'JSONata', StartAt: Object.keys(States)[0] ?? '', States };
  const parsed = parseWorkflowDocument({ name: 'lands', version: '1.0.0', title: 'lands', definition });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.findings));
  return parsed.document;
}

/** Lands a tree, goes on with `otherwise` where the head has moved by then, and tries again; it says how often it tried. */
const landsOrElse = (otherwise: JsonObject): WorkflowDocument =>
  workflow({
    Begin: { Type: 'Pass', Assign: { from: '{% $states.input.from %}', tries: 0 }, Next: 'Land' },
    Land: {
      Type: 'Task',
      Resource: 'baton:lineage',
      Arguments: {
        lineage: '{% $states.context.Execution.Input.lineage %}',
        from: '{% $from %}',
        tree: '{% $states.context.Execution.Input.tree %}',
      },
      Assign: { from: '{% $states.result.head.tree %}', tries: '{% $tries + 1 %}' },
      Next: 'Landed',
    },
    Landed: {
      Type: 'Choice',
      Choices: [{ Condition: '{% $states.input.landed %}', Next: 'Done' }],
      Default: 'Otherwise',
    },
    Otherwise: { ...otherwise, Next: 'Land' },
    Done: { Type: 'Pass', Output: '{% $tries %}', End: true },
  });

export const landing = landsOrElse({ Type: 'Pass' });

/** Asks a person first. */
export const landingAfterAWord = landsOrElse({
  Type: 'Task',
  Resource: 'baton:approval',
  Arguments: { title: 'Others have landed' },
});

/** Takes a minute before it tries again. */
export const landingSlowly = landsOrElse({ Type: 'Wait', Seconds: 60 });

/** Tries once, and says what came of it. */
export const landingOnce = workflow({
  Land: { Type: 'Task', Resource: 'baton:lineage', Arguments: '{% $states.input %}', End: true },
});

export function begin(document: WorkflowDocument, input: JsonObject): HubMessage & { readonly runId: string } {
  const runId = randomUUID();
  const requestId = `start ${runId}`;
  return {
    runId,
    order: {
      type: 'StartRun',
      submission: { requestId, runId, workflow: document.name, input, actor: { type: 'user', id: 'tester' } },
      document,
      sha256: 'a'.repeat(64),
    },
    actor: { type: 'user', id: 'tester' },
    causationId: requestId,
    requestId,
  };
}

export const cancel = (runId: string): HubMessage => ({
  runId,
  order: { type: 'CancelRun', requestId: `cancel ${runId}`, reason: 'enough' },
  actor: { type: 'user', id: 'tester' },
  causationId: 'cancel',
  requestId: `cancel ${runId}`,
});
