import type { MessageSchemas } from '@baton/contracts';
import { onTestFinished } from 'vitest';
import { type ConsumeOptions, consume } from '../consume.js';
import type { Consumer } from '../consumer.js';
import { type Messaging, openMessaging } from '../messaging.js';
import type { TestBackend, TestServer } from './test-servers.js';

/*
 * What a test opens is closed when it ends, also where it fails: what stayed open would go on in the files that come after
 * it in the same worker. The last one first.
 */

/** As `consume`. */
export function consumeInTest<M extends MessageSchemas>(messaging: Messaging, options: ConsumeOptions<M>): Consumer<M> {
  const consumer = consume(messaging, options);
  onTestFinished(() => consumer.stop(1_000));
  return consumer;
}

/** A queue server for one test, and the queues of a process on it. */
export async function openInTest(
  open: TestBackend['open'],
  name: string,
): Promise<{ readonly server: TestServer; readonly messaging: Messaging }> {
  const server = await open();
  onTestFinished(() => server.drop());
  const messaging = await openMessaging(server.config, { name });
  onTestFinished(() => messaging.close());
  return { server, messaging };
}
