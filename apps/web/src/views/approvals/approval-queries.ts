import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { api, type Schemas } from '../../api/api.js';
import { EARLIER_TYPES } from './earlier.js';

export type Approval = Schemas['ApprovalView'];

/** What the inbox shows: an answer says more of itself than a question that is open. */
export type Listed = Schemas['ApprovalSummary'] & Partial<Pick<Schemas['AnsweredApproval'], 'settledAt' | 'settledBy'>>;

interface Page {
  readonly approvals: readonly Listed[];
  readonly next: string | null;
}

const PAGE = 50;
const RUN_ID = 36;

/** The id of an approval begins with that of its run. */
export const runOf = (approvalId: string): string => approvalId.slice(0, RUN_ID);

export const inboxQuery = (status: 'open' | 'answered') =>
  infiniteQueryOptions({
    queryKey: ['live', 'approvals', status],
    queryFn: ({ pageParam, signal }): Promise<Page> =>
      api().get('/v1/approvals', {
        params: { query: { status, limit: PAGE, ...(pageParam === null ? {} : { cursor: pageParam }) } },
        signal,
      }),
    initialPageParam: null as string | null,
    getNextPageParam: ({ next }) => next,
  });

export const approvalQuery = (approvalId: string) =>
  queryOptions({
    queryKey: ['run', runOf(approvalId), 'approval', approvalId],
    queryFn: ({ signal }) => api().get('/v1/approvals/{id}', { params: { path: { id: approvalId } }, signal }),
  });

/** Events of some types of one run. A run that has more of them than that is shown without the rest. */
const MOST_PAGES = 10;

async function eventsOf(run: string, type: string[], signal: AbortSignal): Promise<readonly Schemas['EventView'][]> {
  const events: Schemas['EventView'][] = [];
  let cursor: string | null = null;
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const query: { run: string; type: string[]; limit: number; cursor?: string } = { run, type, limit: 1_000 };
    if (cursor !== null) query.cursor = cursor;
    const answer: Schemas['EventList'] = await api().get('/v1/events', { params: { query }, signal });
    events.push(...answer.events);
    cursor = answer.next;
    if (cursor === null) break;
  }
  return events;
}

/** What came in the run before it asked: asked for once, since it does not change. */
export const beforeQuery = (approvalId: string) =>
  queryOptions({
    queryKey: ['approval-before', approvalId],
    queryFn: ({ signal }) => eventsOf(runOf(approvalId), [...EARLIER_TYPES], signal),
    staleTime: Number.POSITIVE_INFINITY,
  });

/** The answers to one question, as the log has them. */
export const recordedQuery = (approvalId: string) =>
  queryOptions({
    queryKey: ['run', runOf(approvalId), 'answers', approvalId],
    queryFn: async ({ signal }) => {
      const events = await eventsOf(runOf(approvalId), ['ApprovalCounted', 'ApprovalDecided'], signal);
      return events.filter(({ data }) => isAbout(data, approvalId));
    },
  });

const isAbout = (data: unknown, commandId: string): boolean =>
  typeof data === 'object' && data !== null && 'commandId' in data && data.commandId === commandId;

/** What workers say that an output of theirs looks like; for work that a person does. */
export const workersQuery = queryOptions({
  queryKey: ['live', 'workers', 'schemas'],
  queryFn: ({ signal }) => api().get('/v1/workers', { signal }),
});
