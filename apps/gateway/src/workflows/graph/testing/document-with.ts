import type { JsonObject } from '@baton/contracts';
import type { WorkflowDocument } from '@baton/workflow';
import { parseWorkflowDocument } from '@baton/workflow';

/** A document that the parser took, of these states; the first of them begins. */
export function documentWith(
  states: JsonObject,
  over: Partial<WorkflowDocument> = {},
  language: 'JSONata' | 'JSONPath' = 'JSONata',
): WorkflowDocument {
  const [StartAt = ''] = Object.keys(states);
  return documentOfMachine({ QueryLanguage: language, StartAt, States: states }, over);
}

export function documentOfMachine(definition: JsonObject, over: Partial<WorkflowDocument> = {}): WorkflowDocument {
  const parsed = parseWorkflowDocument({ name: 'test', version: '1.0.0', title: 'Test', definition, ...over });
  if (!parsed.ok) throw new Error(`the test document has errors: ${JSON.stringify(parsed.findings)}`);
  return parsed.document;
}
