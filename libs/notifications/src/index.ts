export { checkTarget, type TargetPolicy } from './http/target.js';
export { notificationsMigrations } from './migrations.js';
export { findMessage, listMessages, messageOfNotice, sendMessageAgain, storeTestNotice } from './rules/messages.js';
export { RuleSender } from './rules/rule-sender.js';
export {
  createRule,
  findRule,
  type ListeningRule,
  listRules,
  MOST_RULES,
  removeRule,
  ruleView,
} from './rules/rules-store.js';
export { newSecret, secretProblem } from './secret.js';
export { NotificationSender, TIMEOUT_MS } from './sender.js';
export { getDelivery, listDeliveries, sendAgain } from './store/deliveries.js';
export { deliveriesMark } from './store/deliveries-mark.js';
export { createWebhook, listWebhooks, removeWebhook } from './store/webhooks.js';
export { testWebhook } from './test-webhook.js';
