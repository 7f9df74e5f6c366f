import { assertNever } from '@baton/contracts';
import type { RunEvent, RunEventOf } from './run-event.js';

/** One calm sentence about an event, for people. It names states by their visit where the event knows no more. */
export function describeEvent(event: RunEvent): string {
  switch (event.type) {
    case 'RunStarted': {
      const { workflow, submittedBy } = event.data;
      return `Run of ${workflow.name}@${workflow.version} started by ${submittedBy.type} ${submittedBy.id}.`;
    }
    case 'RunForked': {
      const { from, carry } = event.data;
      const { name, version } = carry.state.workflow;
      return `Run of ${name}@${version} forked from run ${from.runId} after its event ${from.version}${changesOf(event.data)}.`;
    }
    case 'RunRetried':
      return `Run taken up again after its event ${event.data.version}${reasonOf(event.data)}.`;
    case 'RunContinued':
      return 'The log is continued from a copy of the state.';
    case 'EngineChanged':
      return `From here on engine ${event.data.engine.version} decides, or the same under other settings.`;
    case 'RunPaused':
      return `Run paused${reasonOf(event.data)}.`;
    case 'RunResumed':
      return 'Run resumed.';
    case 'RunRated':
      return ratingText(event.data);
    case 'TurnYielded':
      return 'The run has much to do at once: it goes on in a moment.';
    case 'TurnResumed':
      return 'The run goes on.';
    case 'SignalReceived':
      return `Signal ${event.data.name} received (number ${event.data.signal}).`;
    case 'FrameStarted':
      return event.data.parent === null
        ? 'The state machine begins.'
        : `Branch ${event.data.parent.branch + 1} of visit ${event.data.parent.visit} begins.`;
    case 'StateEntered':
      return `State ${event.data.state} entered (visit ${event.data.visit}).`;
    case 'BudgetWarned':
      return `Four fifths of the budget are used: ${levelText(event.data)}.`;
    case 'BudgetExhausted':
      return event.data.isUnknown === true
        ? 'A model without a price was used: nobody knows what is left of the budget.'
        : `The budget is used up: ${levelText(event.data)}.`;
    case 'BudgetExtended':
      return `The budget was extended by ${unitsOf(event.data.kind, event.data.by)}.`;
    case 'DecisionMade': {
      const { decision } = event.data;
      const { adviceRejected, conflictReason } = decision;
      // Why the advice was not followed, or against what it has the word.
      const against = adviceRejected === null ? conflictReason : `the advice was not followed: ${adviceRejected}`;
      const why = against === null ? '' : `; ${against}`;
      return `Decision at ${decision.point.state} (${decision.classification}, ${decision.source}): ${decision.rationale}${why}.`;
    }
    case 'RunSucceeded':
      return 'Run succeeded.';
    case 'RunFailed':
      return `Run failed${withError(event.data)}.`;
    case 'RunCancelled':
      return `Run cancelled${reasonOf(event.data)}.`;
    case 'FrameEnded':
      return event.data.frame === 0 ? 'The state machine ended.' : `Branch with frame ${event.data.frame} ended.`;
    case 'FrameAborted':
      return `Frame ${event.data.frame} given up: ${event.data.reason}.`;
    default:
      return describeVisitEvent(event);
  }
}

type VisitEvent = Exclude<
  RunEvent,
  | { data: { frame: number } }
  | {
      type:
        | 'TurnYielded'
        | 'TurnResumed'
        | 'SignalReceived'
        | 'DecisionMade'
        | 'BudgetWarned'
        | 'BudgetExhausted'
        | 'BudgetExtended'
        | 'EngineChanged'
        | `Run${string}`;
    }
>;

function describeVisitEvent(event: VisitEvent): string {
  const { visit } = event.data;
  switch (event.type) {
    case 'MapStarted': {
      const { items, source, maxConcurrency } = event.data;
      const atOnce = maxConcurrency === 0 ? 'all at once' : `${maxConcurrency} at once`;
      return `Visit ${visit} works through ${source?.count ?? items.length} items, ${atOnce}.`;
    }
    case 'TaskScheduled': {
      const { resource, attempt, notBefore, answer } = event.data;
      const wait = notBefore === null ? '' : `, not before ${notBefore}`;
      const goesOn = answer === undefined ? '' : ', going on from its question';
      return `Task for ${resource} sent (visit ${visit}, attempt ${attempt}${wait}${goesOn}).`;
    }
    case 'TaskSubmitted':
      return `Task of visit ${visit} was handed over, and waits for whoever holds its token.`;
    case 'TaskSucceeded':
      return `Task of visit ${visit} succeeded${event.data.model === undefined ? '' : ` (model ${event.data.model})`}.`;
    case 'TaskFailed':
      return `Task of visit ${visit} failed${withError(event.data)}.`;
    case 'TaskAsked':
      return `Task of visit ${visit} asks a person: ${shortened(event.data.asks.text)}.`;
    case 'AdviceRequested': {
      const { question, isShadow } = event.data;
      const shadow = isShadow === true ? ', for the record only' : '';
      return `Advice asked for at ${question.point.state} (${question.classification}${shadow}).`;
    }
    case 'AdviceGiven':
      return `Advice for decision ${event.data.decisionId} came${event.data.model === undefined ? '' : ` (model ${event.data.model})`}.`;
    case 'AdviceFailed':
      return `No advice for decision ${event.data.decisionId}${withError(event.data)}.`;
    case 'BudgetAwaited':
      return `Visit ${visit} waits until others give back budget that they have reserved.`;
    case 'ApprovalDecided': {
      const { decision, by, comment } = event.data;
      if (decision === 'answer') {
        return `What visit ${visit} asks was answered by ${by.type} ${by.id}${reasonOf({ reason: comment })}.`;
      }
      const answer = { approve: 'approved', reject: 'rejected', 'request-changes': 'sent back for changes' }[decision];
      return `What visit ${visit} asks for was ${answer} by ${by.type} ${by.id}${reasonOf({ reason: comment })}.`;
    }
    case 'ApprovalCounted': {
      const { by, comment } = event.data;
      return `What visit ${visit} asks for was approved by ${by.type} ${by.id}, and others have to approve it too${reasonOf({ reason: comment })}.`;
    }
    case 'ApprovalReminded':
      return `Visit ${visit} still waits for an approval: whoever may give it is reminded.`;
    case 'ApprovalEscalated':
      return `Visit ${visit} has waited long for an approval: ${event.data.to.join(', ')} may give it, too.`;
    case 'TaskTimedOut':
      return `Task of visit ${visit} did not answer in time.`;
    case 'CommandCancelled':
      return `Command of visit ${visit} cancelled: ${event.data.reason}.`;
    case 'TimerScheduled':
      return `Visit ${visit} waits until ${event.data.dueAt}.`;
    case 'TimerFired':
      return `The wait of visit ${visit} is over.`;
    case 'StateRetried':
      return `Visit ${visit} is tried again after ${event.data.error}, not before ${event.data.notBefore}.`;
    case 'StateExited':
      return event.data.next === null
        ? `Visit ${visit} left; its state machine ends here.`
        : `Visit ${visit} left; ${event.data.next} follows.`;
    case 'ErrorCaught':
      return `${event.data.error} of visit ${visit} caught; ${event.data.next} follows.`;
    case 'StateFailed':
      return `State of visit ${visit} failed${withError(event.data)}.`;
    default:
      return assertNever(event);
  }
}

const unitsOf = (kind: 'usd' | 'tokens' | 'wallClock', amount: number): string => {
  const rounded = Math.round(amount * 100) / 100;
  return kind === 'usd' ? `$${rounded}` : `${rounded} ${kind === 'tokens' ? 'tokens' : 'seconds'}`;
};

const levelText = ({ kind, used, limit }: RunEventOf<'BudgetWarned'>['data']): string =>
  `${unitsOf(kind, used)} of ${unitsOf(kind, limit)}`;

/** A reason as the end of a sentence; it may be empty. */
const reasonOf = ({ reason }: { readonly reason: string }): string =>
  reason === '' ? '' : `: ${reason.length > 300 ? `${reason.slice(0, 300)} …` : reason.replace(/\.$/, '')}`;

const shortened = (text: string): string =>
  text.length > 300 ? `${text.slice(0, 300)} …` : text.replace(/\s+/g, ' ').replace(/\.$/, '');

/** Error and cause as the end of a sentence; either may be empty. A long cause is cut: the event has all of it. */
function withError({ error, cause }: { readonly error: string; readonly cause: string }): string {
  const short = cause.length > 300 ? `${cause.slice(0, 300)} …` : cause.replace(/\.$/, '');
  return `${error === '' ? '' : ` with ${error}`}${short === '' ? '' : `: ${short}`}`;
}

function changesOf({ changed }: RunEventOf<'RunForked'>['data']): string {
  if (changed === undefined) return '';
  const names = Object.keys(changed.set ?? {});
  const set = names.length === 0 ? [] : [`${names.join(', ')} set anew`];
  return `, with ${[...set, ...(changed.input === undefined ? [] : ['another input'])].join(' and ')}`;
}

/** What was rated, and how; a note is one line of it. */
function ratingText({ score, note, decisionId, state, by }: RunEventOf<'RunRated'>['data']): string {
  const what = decisionId !== undefined ? `Decision ${decisionId}` : state !== undefined ? `State ${state}` : 'Run';
  const said = note.replace(/\s+/g, ' ').trim().slice(0, 300);
  return `${what} rated ${score} of 5 by ${by.type} ${by.id}${said === '' ? '' : `: ${said}`}.`;
}
