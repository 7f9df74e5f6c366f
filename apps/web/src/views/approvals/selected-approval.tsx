import { askedIn } from '@baton/contracts';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { type ReactElement, useEffect, useMemo, useState } from 'react';
import { mayDo, type Session, sessionQuery } from '../../api/session.js';
import { Button } from '../../parts/button.js';
import { Skeleton } from '../../parts/skeleton.js';
import { Problem } from '../../shell/problem.js';
import { AnswerDialog } from './answer-dialog.js';
import { type Answer, answersTo, barredBy } from './answers.js';
import { ApprovalPage } from './approval-page.js';
import { type Approval, approvalQuery } from './approval-queries.js';
import { Settled } from './settled.js';

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
  const { data: session } = useQuery(sessionQuery);
  const isAllowed = mayDo(session, 'approver');
  const [written, setWritten] = useState<Written>({ approvalId, words: '' });
  const words = written.approvalId === approvalId ? written.words : '';
  const asked = useMemo(() => (approval === undefined ? null : askedIn(approval.arguments)), [approval]);
  // Of the one before nothing can be answered while this one comes.
  const isThis = approval?.approvalId === approvalId;
  const isOpen = approval?.status === 'open';
  const barred = barredHere(approval, session);
  const answers = isThis && asked !== null && barred === null ? answersTo(asked) : [];
  const answer = isAllowed ? answers.find(({ key }) => key === answering) : undefined;
  // A key that means nothing here opens nothing, and takes the others from nobody.
  const isMeaningless = answering !== null && answer === undefined;
  useEffect(() => {
    if (isMeaningless) onAnswering(null);
  }, [isMeaningless, onAnswering]);
  if (approval === undefined || asked === null)
    return error === null ? <Skeleton lines={12} /> : <Problem error={error} />;
  return (
    <div className={`${CLEAR_OF_BAR} ${isThis ? '' : 'opacity-60'}`} aria-busy={!isThis}>
      <ApprovalPage approval={approval} asked={asked} />
      {isAllowed && barred !== null ? (
        <p role="note" className={`${BAR} text-quiet`}>
          {barred}
        </p>
      ) : null}
      {isOpen ? <AnswerBar answers={answers} session={session ?? null} onChoose={onAnswering} /> : null}
      {answer === undefined || !isOpen ? null : (
        <AnswerDialog
          key={`${approvalId} ${answer.key}`}
          approval={approval}
          asked={asked}
          answer={answer}
          words={words}
          onWords={(next) => setWritten({ approvalId, words: next })}
          onClose={() => onAnswering(null)}
          onAnswered={onAnswered}
        />
      )}
      {answer === undefined || isOpen ? null : (
        <Settled approval={approval} words={words} onClose={() => onAnswering(null)} />
      )}
    </div>
  );
}

const barredHere = (approval: Approval | undefined, session: Session | null | undefined): string | null =>
  session == null || approval?.status !== 'open' ? null : barredBy(approval, session.actor);

interface Written {
  readonly approvalId: string;
  readonly words: string;
}

/** What has the focus is scrolled to where the bar does not cover it. */
const CLEAR_OF_BAR = '[&_:is(a,button,summary,section)]:scroll-mb-20';

interface AnswerBarProps {
  readonly session: Session | null;
  readonly answers: readonly Answer[];
  readonly onChoose: (key: Answer['key']) => void;
}

const BAR = 'sticky bottom-0 mt-4 flex flex-wrap items-center gap-2 border-t border-line bg-ground py-3';
const KINDS = { a: 'main', c: 'plain', x: 'danger' } as const;

function AnswerBar({ answers, session, onChoose }: AnswerBarProps): ReactElement | null {
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
