import { type ApprovalView, askedIn } from '@baton/contracts';
import { formatTable } from '../table.js';
import { heading, indented, type Section } from './approval-sections.js';
import { shortApproval } from './run-shapes.js';

/* How a person answers, at the end of the page of an approval: by what it is about. */

export function answerLines(approval: ApprovalView, width: number): Section {
  if (approval.status !== 'open') return [];
  const id = shortApproval(approval.approvalId);
  const { kind, choices, moves, tree } = askedIn(approval.arguments);
  if (kind === 'question') return answerInWords(id, choices, width);
  if (kind === 'work') return answerWithWork(id, tree !== null);
  const rows = moves.map((move) => [move.id, move.text]);
  return [
    ...heading(
      'What can be done',
      rows.length === 0 ? [] : formatTable(['MOVE', 'MEANS'], rows, width - 2).map((line) => `  ${line}`),
    ),
    ...heading('Answer with', [
      `  \`baton approval approve ${id}${moves.length === 0 ? '' : ' --move MOVE'}\``,
      `  \`baton approval reject ${id} --reason TEXT\``,
      `  \`baton approval request-changes ${id} --comment TEXT\``,
    ]),
  ];
}

/** A task asks: what is likely, and how to say that or something else. */
function answerInWords(id: string, choices: readonly string[], width: number): Section {
  const likely = choices.flatMap((choice, at) => indented(`${at + 1}  ${choice}`, width));
  return [
    ...heading('Likely answers', likely),
    ...heading('Answer with', [
      ...(choices.length === 0 ? [] : [`  \`baton approval answer ${id} --choice N\``]),
      `  \`baton approval answer ${id} --text TEXT\``,
      `  \`baton approval reject ${id} --reason TEXT\`: the task goes on without an answer`,
    ]),
  ];
}

/** A step that is done by hand: how to get the files, and how to hand in what was made of them. */
function answerWithWork(id: string, hasWorkspace: boolean): Section {
  return [
    ...heading(
      'The files',
      hasWorkspace ? [`  \`baton approval show ${id} --out DIR\`: the version to go on from, in a new folder`] : [],
    ),
    ...heading('Hand it in with', [
      `  \`baton approval answer ${id} --workspace DIR\`: a folder, where the step writes files`,
      `  \`baton approval answer ${id} --work @FILE\`: what else the step gives, as JSON`,
      `  \`baton approval reject ${id} --reason TEXT\`: nobody will do it, and the step fails with Baton.Rejected`,
    ]),
  ];
}
