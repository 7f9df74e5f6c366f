/** Asks a person for a yes, and again with what they wanted changed; no model has a part in it. */
export const RELEASE_NOTES = {
  name: 'notes-to-approve',
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

/** Waits to be told, asks a person, and waits again: there is time to break something in each of its states. */
export const SLOWLY = {
  name: 'slowly',
  version: '1.0.0',
  title: 'Takes its time',
  definition: {
    QueryLanguage: 'JSONata',
    StartAt: 'First',
    States: {
      First: { Type: 'Task', Resource: 'baton:signal:first', Next: 'Ask' },
      Ask: { Type: 'Task', Resource: 'baton:approval', Arguments: { title: 'Go on?' }, Next: 'Last' },
      Last: { Type: 'Task', Resource: 'baton:signal:last', Next: 'Done' },
      Done: { Type: 'Succeed' },
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
  'W'.repeat(300),
].join('\n');

/** No function makes more at once than a million characters, and no expression more than four. */
const [PART, LINE] = [
  '{% $pad("", 999999, "<i>long</i> ") %}',
  `{% ${Array(4).fill('$states.input.line').join(' & ')} %}`,
];
/** Of a name that stands in edges, labels and lists. */
const STATE = `Ask <b>${RIGHT_TO_LEFT}x`;
const NO_SPACE = 'W'.repeat(300);

/**
 * Says what it is given wherever a workflow can: as titles, a name of a state, outputs, what it asks a person and the cause of
 * its failure; and a line of almost four million characters.
 */
export const HOSTILE = {
  name: `hostile-text-${'n'.repeat(50)}`,
  version: '1.0.0',
  title: `<b>Hostile</b> text${RIGHT_TO_LEFT} ${NO_SPACE}`,
  description: HOSTILE_NOTE + NO_SPACE,
  input: {
    type: 'object',
    properties: { note: { type: 'string', title: `<b>Note</b> ${NO_SPACE}`, description: HOSTILE_NOTE + NO_SPACE } },
  },
  definition: {
    QueryLanguage: 'JSONata',
    StartAt: 'Say',
    States: {
      Say: { Type: 'Pass', Output: { note: '{% $states.input.note %}', note2: '<img src="x">' }, Next: 'Part' },
      Part: { Type: 'Pass', Output: { note: '{% $states.input.note %}', line: PART }, Next: 'Long' },
      Long: { Type: 'Pass', Output: { note: '{% $states.input.note %}', line: LINE }, Next: STATE },
      [STATE]: {
        Type: 'Task',
        Resource: 'baton:approval',
        Arguments: {
          title: '{% $states.input.note %}',
          question: '{% $states.input.note %}',
          choices: ['{% $states.input.note %}', 'yes'],
          findings: [{ severity: 'blocking', message: '{% $states.input.note %}', file: '{% $states.input.note %}' }],
        },
        Output: '{% $states.input %}',
        Next: 'End',
      },
      End: { Type: 'Fail', Error: 'Hostile<script>', Cause: '{% $states.input.note %}' },
    },
  },
};

/** One decision that is never ordinary; below nine the rule ends the work, and the offline advisor would ask a person. */
export const SECOND_OPINION = {
  name: 'second-opinion',
  version: '1.0.0',
  title: 'A text that is judged',
  input: { type: 'object', properties: { score: { type: 'number' } } },
  phases: [{ name: 'judge', states: ['Good', 'Accept', 'Improve'] }],
  decisions: {
    at: [
      {
        state: 'Good',
        phase: 'judge',
        round: '{% 1 %}',
        maxRounds: '{% 1 %}',
        scores: '{% { "quality": $states.input.score } %}',
        thresholds: '{% { "quality": 9 } %}',
      },
    ],
  },
  definition: {
    QueryLanguage: 'JSONata',
    StartAt: 'Good',
    States: {
      Good: {
        Type: 'Choice',
        Choices: [{ Condition: '{% $states.input.score >= 9 %}', Next: 'Accept' }],
        Default: 'Improve',
      },
      Accept: { Type: 'Pass', Output: 'accepted', End: true },
      Improve: { Type: 'Pass', Output: 'improved', End: true },
    },
  },
};
