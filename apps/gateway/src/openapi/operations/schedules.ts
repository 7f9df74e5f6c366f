import { CreateScheduleBody, RunAccepted, ScheduleDetail, ScheduleList, ScheduleView } from '@baton/contracts';
import type { Operation, Operations } from '../operation.js';

const change = (id: string, summary: string, description: string): Operation => ({
  id,
  tag: 'schedules',
  summary,
  description,
  headers: ['If-Match'],
  answers: { 200: { description: 'The schedule, as it is now.', schema: ScheduleView, headers: ['ETag'] } },
  refusals: [404, 409, 412],
});

export const scheduleOperations: Operations = {
  'GET /v1/schedules': {
    id: 'listSchedules',
    tag: 'schedules',
    summary: 'List schedules',
    answers: { 200: { description: 'All of them, by name.', schema: ScheduleList } },
  },
  'POST /v1/schedules': {
    id: 'createSchedule',
    tag: 'schedules',
    summary: 'Have runs started at certain times',
    description:
      'Refused where it would never be due, or where a run of it would be refused today. Its runs are submitted in the name of the key that makes it, with the labels `schedule` and `due`; where that may start no such run any more when one is due, the schedule is stopped.',
    headers: ['Idempotency-Key'],
    body: CreateScheduleBody,
    answers: { 201: { description: 'The schedule.', schema: ScheduleView, headers: ['Location', 'ETag'] } },
    refusals: [409, 422],
  },
  'GET /v1/schedules/:name': {
    id: 'getSchedule',
    tag: 'schedules',
    summary: 'A schedule, with its next due times and what became of the last ones',
    answers: { 200: { description: 'The schedule.', schema: ScheduleDetail, headers: ['ETag'] } },
    refusals: [404, 409],
  },
  'DELETE /v1/schedules/:name': {
    id: 'removeSchedule',
    tag: 'schedules',
    summary: 'Remove a schedule',
    description: 'Its runs stay. With If-Match only as it was seen.',
    headers: ['If-Match'],
    answers: { 204: { description: 'It is gone.' } },
    refusals: [404, 409, 412],
  },
  'POST /v1/schedules/:name/pause': change(
    'pauseSchedule',
    'Start no more runs of a schedule',
    'Its runs that are under way go on.',
  ),
  'POST /v1/schedules/:name/resume': change(
    'resumeSchedule',
    'Start runs of a schedule again',
    'What was due meanwhile is not caught up with.',
  ),
  'POST /v1/schedules/:name/take-over': {
    ...change(
      'takeOverSchedule',
      'Have runs of a schedule started in your name',
      'Such as where it was stopped because whoever made it may start no more of its runs. That works again from now on; what was due meanwhile is not caught up with. Where nothing is due any more it is refused (schedule-ended): trigger starts a run.',
    ),
    refusals: [403, 404, 409, 412, 422],
  },
  'POST /v1/schedules/:name/trigger': {
    id: 'triggerSchedule',
    tag: 'schedules',
    summary: 'Start a run of a schedule now',
    description: 'Whatever else of it is under way, and also where it rests or has ended.',
    headers: ['Idempotency-Key'],
    answers: { 202: { description: 'The run.', schema: RunAccepted } },
    refusals: [404, 409, 422],
  },
};
