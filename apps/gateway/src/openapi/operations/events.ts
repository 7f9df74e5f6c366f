import { EventList } from '@baton/contracts';
import { EventListQuery, LogQuery } from '../../http/queries.js';
import type { Operations } from '../operation.js';

export const eventOperations: Operations = {
  'GET /v1/events': {
    id: 'listEvents',
    tag: 'events',
    summary: 'The events of all runs, as they are or live',
    description:
      'With `Accept: text/event-stream` what happens from now on, or from `after` or Last-Event-ID on: `id` is the position in the log, `data` an EventView. With `also=operations` there are messages `event: operations` between them, every three seconds at most, whose `data` names what has changed and is no event. Under a filter a page may be short, or empty, and have one after it.',
    query: LogQuery,
    headers: ['Last-Event-ID'],
    answers: {
      200: {
        description: 'A page of events.',
        schema: EventList,
        texts: { 'text/event-stream': 'Server-sent events.' },
        headers: ['Link'],
      },
    },
    refusals: [404, 409],
  },
  'GET /v1/runs/:id/events': {
    id: 'listRunEvents',
    tag: 'events',
    summary: 'The events of a run, as they are or live',
    description:
      'With `Accept: text/event-stream` every event from there on as it happens: `id` is its version, `data` an EventView, and `event: end` with the status closes the stream of a run that has ended.',
    query: EventListQuery,
    headers: ['Last-Event-ID'],
    answers: {
      200: {
        description: 'A page of events.',
        schema: EventList,
        texts: { 'text/event-stream': 'Server-sent events.' },
        headers: ['Link'],
      },
    },
    refusals: [404, 409],
  },
};
