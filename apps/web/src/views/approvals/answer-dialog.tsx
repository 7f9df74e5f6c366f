import { type Asked, type Json } from '@baton/contracts';
import { type ReactElement, useState } from 'react';
import type { Schemas } from '../../api/api.js';
import { Button } from '../../parts/button.js';
import { Dialog } from '../../parts/dialog.js';
import { DiffView } from '../../parts/diff-view/diff-view.js';
import { Select, TextArea } from '../../parts/field.js';
import { seen } from '../../parts/plain-text.js';
import type { Answer } from './answers.js';
import { answerBody } from './answers.js';
import type { Approval } from './approval-queries.js';
import { readableText } from './readable-text.js';
import { useAnswer } from './use-answer.js';
import { type Work, WorkFields } from './work-fields.js';

interface AnswerDialogProps {
  readonly approval: Approval;
  readonly asked: Asked;
  readonly answer: Answer;
  /** What was written so far: kept by whoever opens it, since it closes where somebody else was quicker. */
  readonly words: string;
  readonly onWords: (words: string) => void;
  readonly onClose: () => void;
  readonly onAnswered: () => void;
}

/** Asks for the words that an answer needs, says what it does, and sends it: for what was seen, and for nothing else. */
export function AnswerDialog(props: AnswerDialogProps): ReactElement {
  const { approval, asked, answer, words, onWords, onClose, onAnswered } = props;
  const [move, setMove] = useState(asked.proposed?.id ?? asked.moves[0]?.id ?? '');
  const [work, setWork] = useState<Work>({ output: undefined, tree: null, problem: null });
  const { send, isBusy, problem, changed } = useAnswer(approval, onAnswered);
  const isWork = asked.kind === 'work' && answer.decision === 'answer';
  const hasMoves = asked.moves.length > 0 && answer.decision === 'approve';
  const missing = missingIn(answer, words, isWork ? work : null);
  const submit = (): void =>
    send(
      answerBody(answer.decision, words, {
        ...(hasMoves && move !== asked.proposed?.id ? { move } : {}),
        ...(isWork ? handedIn(work) : {}),
      }),
    );
  return (
    <Dialog
      isOpen
      isWide={isWork || changed !== null}
      onClose={onClose}
      title={`${answer.title}: ${seen(approval.title ?? approval.state)}`}
      description={seen(answer.effect)}
    >
      <form
        className="space-y-3"
        onKeyDown={(event) => {
          // Enter alone is a line of what is written.
          if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) event.currentTarget.requestSubmit();
        }}
        onSubmit={(event) => {
          event.preventDefault();
          if (missing === null && !isBusy) submit();
        }}
      >
        {changed === null ? null : <Changed seenValue={changed} now={approval.arguments} />}
        {hasMoves ? <MoveChoice asked={asked} move={move} onChoose={setMove} /> : null}
        {isWork ? <WorkFields asked={asked} work={work} onChange={setWork} /> : null}
        {answer.decision === 'answer' ? <Choices choices={asked.choices} words={words} onChoose={onWords} /> : null}
        <TextArea
          label={answer.label}
          hint={`${answer.words === 'required' ? 'Required.' : 'Optional; it is kept with the answer.'} Ctrl+Enter sends it.`}
          required={answer.words === 'required'}
          rows={answer.words === 'required' ? 5 : 3}
          maxLength={10_000}
          value={words}
          onChange={(event) => onWords(event.currentTarget.value)}
        />
        <Refusal problem={problem} />
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>Cancel</Button>
          <Button
            type="submit"
            kind={answer.decision === 'reject' ? 'danger' : 'main'}
            disabled={missing !== null || isBusy}
            title={missing ?? undefined}
          >
            {isBusy ? 'Sending …' : changed === null ? answer.title : `${answer.title} what is asked now`}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

const Refusal = ({ problem }: { readonly problem: string | null }): ReactElement | null =>
  problem === null ? null : (
    <p role="alert" className="rounded border border-bad bg-bad-soft p-2 break-words text-bad">
      {seen(problem)}
    </p>
  );

interface ChoicesProps {
  readonly choices: readonly string[];
  readonly words: string;
  readonly onChoose: (choice: string) => void;
}

/** Answers that are likely; another one may be given all the same. */
const Choices = ({ choices, words, onChoose }: ChoicesProps): ReactElement | null =>
  choices.length === 0 ? null : (
    <fieldset className="flex flex-wrap gap-1.5">
      <legend className="mb-1 font-medium">Likely answers</legend>
      {choices.map((choice) => (
        <Button key={choice} aria-pressed={choice === words} onClick={() => onChoose(choice)}>
          {seen(choice)}
        </Button>
      ))}
    </fieldset>
  );

const handedIn = ({ output, tree }: Work): Pick<Schemas['ApprovalAnswerBody'], 'output' | 'workspace'> => ({
  ...(output === undefined ? {} : { output }),
  ...(tree === null ? {} : { workspace: { tree } }),
});

function missingIn({ words: need, label }: Answer, words: string, work: Work | null): string | null {
  if (need === 'required' && words.trim() === '') return `${label}: it must be said.`;
  if (work === null) return null;
  if (work.problem !== null) return work.problem;
  return work.output === undefined && work.tree === null ? 'Give the output, upload the files, or both.' : null;
}

/** It was asked otherwise by the time the answer came: nothing was answered yet. */
const Changed = ({ seenValue, now }: { readonly seenValue: Json; readonly now: Json }): ReactElement => (
  <div role="alert" className="space-y-2 rounded border border-warn p-2">
    <p className="text-warn">
      What is asked has changed since you looked, so your answer was not taken. This is different; answer again if it
      still holds.
    </p>
    <DiffView
      label="What changed since you looked"
      before={readableText(seenValue)}
      after={readableText(now)}
      isSplit={false}
    />
  </div>
);

interface MoveChoiceProps {
  readonly asked: Asked;
  readonly move: string;
  readonly onChoose: (id: string) => void;
}

const MoveChoice = ({ asked, move, onChoose }: MoveChoiceProps): ReactElement => (
  <Select
    label="Move"
    hint={move === asked.proposed?.id ? seen(`Proposed: ${asked.proposed.because ?? asked.proposed.text}`) : undefined}
    value={move}
    onChange={(event) => onChoose(event.currentTarget.value)}
  >
    {asked.moves.map(({ id, text }) => (
      <option key={id} value={id}>
        {seen(text)}
        {id === asked.proposed?.id ? ' (proposed)' : ''}
      </option>
    ))}
  </Select>
);
