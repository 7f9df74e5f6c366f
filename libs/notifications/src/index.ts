export { type CheckedTarget, checkTarget, type Resolve, resolveHost, type TargetPolicy } from './http/target.js';
export { notificationsMigrations } from './migrations.js';
export { newSecret, secretProblem } from './secret.js';
export type { SendPorts } from './send-delivery.js';
export { NotificationSender, type SenderLog, type SenderOptions, TIMEOUT_MS } from './sender.js';
export { type DeliveryPage, getDelivery, listDeliveries, sendAgain } from './store/deliveries.js';
export { createWebhook, listWebhooks, removeWebhook } from './store/webhooks.js';
export { testWebhook } from './test-webhook.js';
