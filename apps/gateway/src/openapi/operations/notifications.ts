import { CreateRuleBody, MessageList, NotificationMessage, RuleList, RuleView } from '@baton/contracts';
import type { Operations } from '../operation.js';

export const notificationOperations: Operations = {
  'GET /v1/notification-rules': {
    id: 'listNotificationRules',
    tag: 'notifications',
    summary: 'List the rules by which people are told',
    answers: { 200: { description: 'All of them, by name.', schema: RuleList } },
  },
  'POST /v1/notification-rules': {
    id: 'createNotificationRule',
    tag: 'notifications',
    summary: 'Have people told of what happens',
    description: 'From now on. Secrets are named, and stand in the environment of the orchestrators.',
    headers: ['Idempotency-Key'],
    body: CreateRuleBody,
    answers: { 201: { description: 'The rule.', schema: RuleView, headers: ['Location'] } },
    refusals: [409, 422],
  },
  'GET /v1/notification-rules/:name': {
    id: 'getNotificationRule',
    tag: 'notifications',
    summary: 'A rule',
    answers: { 200: { description: 'The rule.', schema: RuleView } },
    refusals: [404, 409],
  },
  'DELETE /v1/notification-rules/:name': {
    id: 'removeNotificationRule',
    tag: 'notifications',
    summary: 'Remove a rule, with all that it was still to tell',
    answers: { 204: { description: 'It is gone.' } },
    refusals: [404, 409],
  },
  'GET /v1/notification-rules/:name/messages': {
    id: 'listNotificationMessages',
    tag: 'notifications',
    summary: 'What was told by a rule, newest first, and what came of it',
    answers: { 200: { description: 'The newest hundred.', schema: MessageList } },
    refusals: [404, 409],
  },
  'POST /v1/notification-rules/:name/test': {
    id: 'testNotificationRule',
    tag: 'notifications',
    summary: 'Have a test sent by a rule now, whatever the hour',
    description: 'An orchestrator sends it; it is waited for, for twelve seconds.',
    answers: {
      200: { description: 'What came of it: still `pending` where nobody answered yet.', schema: NotificationMessage },
    },
    refusals: [404, 409],
  },
  'POST /v1/notification-rules/:name/messages/:messageId/retry': {
    id: 'retryNotificationMessage',
    tag: 'notifications',
    summary: 'Send a message again',
    headers: ['Idempotency-Key'],
    answers: { 202: { description: 'It will be sent.', schema: NotificationMessage } },
    refusals: [404, 409, 422],
  },
};
