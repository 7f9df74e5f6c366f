export const WEBHOOKS_KEY = ['live', 'webhooks'] as const;
