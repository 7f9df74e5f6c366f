/** The beginning of a workflow: it can be run as it stands. */
export const FIRST_DRAFT = `name: my-workflow
version: 1.0.0
title: What it is for

input:
  type: object
  required: [text]
  properties:
    text: { type: string }

definition:
  QueryLanguage: JSONata
  StartAt: Ask
  States:
    Ask:
      Type: Task
      Resource: baton:approval
      Arguments:
        title: May it go on?
        show: '{% $states.input.text %}'
      Next: Done
    Done:
      Type: Succeed
`;

/** The version after one: a published version is never changed. */
export function versionAfter(version: string): string {
  const [, major, minor, patch] = /^(\d+)\.(\d+)\.(\d+)$/.exec(version) ?? [];
  return major === undefined ? version : `${major}.${minor}.${Number(patch) + 1}`;
}
