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

/** Two people have to approve it. */
export const TWO_APPROVERS = {
  name: 'two-approvers',
  version: '1.0.0',
  title: 'What two people approve',
  definition: {
    QueryLanguage: 'JSONata',
    StartAt: 'Ask',
    States: {
      Ask: {
        Type: 'Task',
        Resource: 'baton:approval',
        Arguments: {
          title: 'Release it?',
          policy: { count: 2, approvers: ['role:approver'], due: { remindAfterSeconds: 3_600 } },
        },
        End: true,
      },
    },
  },
};

/** Takes a code of three letters, which a form cannot tell, and a name that may be null. */
export const PICKY_INPUT = {
  name: 'picky-input',
  version: '1.0.0',
  title: 'What not every input fits',
  input: {
    type: 'object',
    required: ['code'],
    additionalProperties: false,
    properties: {
      code: { type: 'string', title: 'Code', pattern: '^[A-Z]{3}$' },
      nick: { type: ['string', 'null'] },
    },
  },
  definition: { QueryLanguage: 'JSONata', StartAt: 'Done', States: { Done: { Type: 'Succeed' } } },
};

const ESC = '\u001b';
const RIGHT_TO_LEFT = '\u202e';

/** HTML that would run, marks that would turn the rest of a line round, colours of a terminal. */
export const HOSTILE_NOTE = [
  '<img src="x" onerror="window.wasHere = true"><script>window.wasHere = true</script><iframe src="/"></iframe>',
  `${ESC}[31mred${ESC}[0m ${ESC}]8;;http://example.invalid/${ESC}\\a link${ESC}]8;;${ESC}\\`,
  `a${RIGHT_TO_LEFT}txt.exe\u2066x\u2069`,
  '[a link](javascript:alert(1)) {{constructor}} &lt;b&gt;',
].join('\n');

/** Says what it is given as titles, outputs and the cause of its failure, and a line of five million characters. */
export const HOSTILE = {
  name: 'hostile-text',
  version: '1.0.0',
  title: '<b>Hostile</b> text',
  input: { type: 'object', properties: { note: { type: 'string' } } },
  definition: {
    QueryLanguage: 'JSONata',
    StartAt: 'Say',
    States: {
      Say: { Type: 'Pass', Output: { note: '{% $states.input.note %}', note2: '<img src="x">' }, Next: 'Long' },
      Long: {
        Type: 'Pass',
        Output: { note: '{% $states.input.note %}', line: '{% $pad("", 5000000, "<i>long</i> ") %}' },
        Next: 'End',
      },
      End: { Type: 'Fail', Error: 'Hostile<script>', Cause: '{% $states.input.note %}' },
    },
  },
};
