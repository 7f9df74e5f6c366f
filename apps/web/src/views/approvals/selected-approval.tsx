import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { type ReactElement, useMemo } from 'react';
import { mayDo, sessionQuery } from '../../api/session.js';
import { Button } from '../../parts/button.js';
import { Skeleton } from '../../parts/skeleton.js';
import { Problem } from '../../shell/problem.js';
import { AnswerDialog } from './answer-dialog.js';
import { type Answer, answersTo } from './answers.js';
import { ApprovalPage } from './approval-page.js';
import { approvalQuery } from './approval-queries.js';
import { askedIn } from './asked.js';

interface SelectedApprovalProps {
  readonly approvalId: string;
  /** The key of the answer whose dialog is open; null where none is. */
  readonly answering: Answer['key'] | null;
  readonly onAnswering: (key: Answer['key'] | null) => void;
  readonly onAnswered: () => void;
}

/** The question that is looked at, and the answers to it. */
export function SelectedApproval(props: SelectedApprovalProps): ReactElement {
  const { approvalId, answering, onAnswering, onAnswered } = props;
  const { data: approval, error } = useQuery({ ...approvalQuery(approvalId), placeholderData: keepPreviousData });
  const asked = useMemo(() => (approval === undefined ? null : askedIn(approval.arguments)), [approval]);
  if (approval === undefined || asked === null)
    return error === null ? <Skeleton lines={12} /> : <Problem error={error} />;
  // Of the one before nothing can be answered while this one comes.
  const isThis = approval.approvalId === approvalId;
  const answers = approval.status === 'open' && isThis ? answersTo(asked) : [];
  const answer = answers.find(({ key }) => key === answering);
  return (
    <div className={isThis ? '' : 'opacity-60'} aria-busy={!isThis}>
      <ApprovalPage approval={approval} asked={asked} />
      <AnswerBar answers={answers} onChoose={onAnswering} />
      {answer === undefined ? null : (
        <AnswerDialog
          key={`${approvalId} ${answer.key}`}
          approval={approval}
          asked={asked}
          answer={answer}
          onClose={() => onAnswering(null)}
          onAnswered={onAnswered}
        />
      )}
    </div>
  );
}

interface AnswerBarProps {
  readonly answers: readonly Answer[];
  readonly onChoose: (key: Answer['key']) => void;
}

const BAR = 'sticky bottom-0 mt-4 flex flex-wrap items-center gap-2 border-t border-line bg-ground py-3';
const KINDS = { a: 'main', c: 'plain', x: 'danger' } as const;

function AnswerBar({ answers, onChoose }: AnswerBarProps): ReactElement | null {
  const { data: session } = useQuery(sessionQuery);
  if (answers.length === 0) return null;
  if (!mayDo(session, 'approver')) {
    const roles = session?.roles.join(', ') ?? '';
    return (
      <p className={`${BAR} text-quiet`}>
        Only an approver may answer. You are signed in as {session?.actor.id ?? 'nobody'}
        {roles === '' ? '' : ` (${roles})`}: an admin can make you a key with that role.
      </p>
    );
  }
  return (
    <div role="toolbar" aria-label="Answer" data-print="no" className={BAR}>
      {answers.map(({ key, title }) => (
        <Button key={key} kind={KINDS[key]} aria-keyshortcuts={key} onClick={() => onChoose(key)}>
          {title} <kbd className="text-xs opacity-70">{key}</kbd>
        </Button>
      ))}
    </div>
  );
}
