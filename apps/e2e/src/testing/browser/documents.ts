/** Asks a person for a yes, and again with what they wanted changed; no model has a part in it. */
export const RELEASE_NOTES = {
  name: 'release-notes',
  version: '1.0.0',
  title: 'Notes that somebody approves',
  input: {
    type: 'object',
    required: ['notes'],
    additionalProperties: false,
    properties: {
      notes: { type: 'string', title: 'Notes', description: 'What is new.', maxLength: 10_000 },
      audience: { type: 'string', enum: ['users', 'developers'], default: 'users' },
    },
  },
  definition: {
    QueryLanguage: 'JSONata',
    StartAt: 'Draft',
    States: {
      Draft: {
        Type: 'Pass',
        Assign: { notes: '{% $states.input.notes %}' },
        Next: 'Ask',
      },
      Ask: {
        Type: 'Task',
        Resource: 'baton:approval',
        Arguments: { title: 'Publish the notes?', notes: '{% $notes %}' },
        Assign: { answer: '{% $states.result %}' },
        Next: 'Answered',
      },
      Answered: {
        Type: 'Choice',
        Choices: [{ Condition: '{% $answer.decision = "approve" %}', Next: 'Published' }],
        Default: 'Revise',
      },
      Revise: {
        Type: 'Pass',
        Assign: { notes: '{% $notes & " (" & $answer.comment & ")" %}' },
        Next: 'Ask',
      },
      Published: { Type: 'Pass', Output: { published: '{% $notes %}' }, End: true },
    },
  },
};
