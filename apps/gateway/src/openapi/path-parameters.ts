/** What the parameters in paths are: by the resource and the name where it differs, else by the name. */
export const PATH_PARAMETERS: Readonly<Record<string, string>> = {
  'runs/id': 'The id of the run; a unique beginning of it is enough.',
  'approvals/id': 'The id of the approval.',
  'webhooks/id': 'The id of the webhook; a unique beginning of it is enough.',
  'dead-letters/id': 'The number of the dead letter.',
  'workers/id': 'The id of the worker.',
  'templates/id': 'The id of the template.',
  'schedules/name': 'The name of the schedule.',
  'lineages/name': 'The name of the lineage.',
  'auth/id': 'The id of the session.',
  'auth/name': 'The name of the key.',
  path: 'The path of the file, as the list has it; its slashes may be written as %2F.',
  deliveryId: 'The id of the delivery.',
  ref: 'The name of the workflow, or `name@version`.',
  tree: 'The version of the workspace: a SHA-256 in hexadecimal digits.',
  sha256: 'A SHA-256 in hexadecimal digits; a unique beginning of it is enough.',
};
