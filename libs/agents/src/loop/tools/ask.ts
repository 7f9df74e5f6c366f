import { type TaskAnswer, TaskQuestion } from '@baton/contracts';
import { refusal, said, type Tool, type ToolAnswer, toolOf } from '../tool.js';

/** The tool by which a person is asked. */
export const ASK = 'ask';

const ON_YOUR_OWN = 'Decide yourself what is most likely meant, go on, and say in your answer what you have assumed.';

/** Ends the task with a question, or says that nobody answers one. */
export const askTool = (questions: number): Tool =>
  toolOf({
    name: ASK,
    description:
      'Puts a question to a person, and waits for as long as it takes. Only for what nothing here tells and you cannot decide without the risk that the work is done for nothing. One question a call, complete in itself: the person has not seen what you have. `choices`: likely answers.',
    input: TaskQuestion,
    bringsData: false,
    use: (question) =>
      questions > 0
        ? { ...said('asked'), asks: question }
        : refusal(`Nobody answers any more questions of this task. ${ON_YOUR_OWN}`),
  });

/** What the model is told in the end. */
export function answerTold({ outcome, text, by }: TaskAnswer): ToolAnswer {
  switch (outcome) {
    case 'answered':
      return said(`${by ?? 'A person'} answers:\n${text}`);
    case 'declined':
      return refusal(`${by ?? 'A person'} gives no answer, and says:\n${text}\n\n${ON_YOUR_OWN}`);
    case 'timed-out':
      return refusal(`Nobody answered in time. ${ON_YOUR_OWN}`);
    default:
      return outcome satisfies never;
  }
}
