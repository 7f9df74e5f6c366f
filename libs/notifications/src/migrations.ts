import { resolve } from 'node:path';
import type { MigrationSet } from '@baton/event-store';

/** The tables of webhooks, in schema `baton`. They need those of the event store first. */
export const notificationsMigrations: MigrationSet = {
  component: 'notifications',
  directory: resolve(import.meta.dirname, '../migrations'),
};
