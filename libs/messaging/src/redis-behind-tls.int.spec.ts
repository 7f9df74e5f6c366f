import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type Certificates,
  makeCertificates,
  noCertificatesHere,
  noRedisHere,
  type RedisProcess,
  redisProcesses,
} from '@baton/servers/testing';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { queueEpoch } from './index.js';
import { openMessaging, prepareQueues } from './messaging.js';
import { REDIS_RIGHTS } from './redis-rights.js';
import { carry } from './testing/carried.js';
import { eventually } from './testing/recorder.js';

const missing = noRedisHere ?? noCertificatesHere;

describe.skipIf(missing !== null)(
  `a Redis with TLS and users${missing === null ? '' : ` (skipped: ${missing})`}`,
  () => {
    const processes = redisProcesses();
    const folder = mkdtempSync(join(tmpdir(), 'baton-redis-tls-'));
    let server: RedisProcess;
    let ours: Certificates;
    let others: Certificates;
    const url = (options: { readonly user?: string; readonly ca?: string; readonly scheme?: string } = {}): string => {
      const { user = 'baton:a-password', ca = ours.ca, scheme = 'rediss' } = options;
      return `${scheme}://${user}@127.0.0.1:${server.port}/0?ssl_ca_certs=${encodeURIComponent(ca)}`;
    };

    beforeAll(async () => {
      ours = makeCertificates(folder, 'ours');
      others = makeCertificates(folder, 'others');
      server = await processes.start(
        [
          'tls-port $PORT',
          'port 0',
          `tls-cert-file ${ours.cert}`,
          `tls-key-file ${ours.key}`,
          `tls-ca-cert-file ${ours.ca}`,
          'tls-auth-clients no',
          'user default on >of-the-owner ~* &* +@all',
          `user baton on >a-password ${REDIS_RIGHTS.join(' ')}`,
          'user reader on >a-password ~baton:* &baton:* -@all +@read +@connection +info',
          'user elsewhere on >a-password ~else:* &else:* +@all',
        ],
        { as: { tls: { ca: readFileSync(ours.ca) }, password: 'of-the-owner' } },
      );
    });
    afterAll(async () => {
      await processes.stop();
      rmSync(folder, { recursive: true, force: true });
    });

    test('carries messages through both doors under a user with no right beyond those that are documented', async () => {
      await prepareQueues({ backend: 'redis', url: url() });
      const messaging = await openMessaging({ backend: 'redis', url: url() }, { name: 'tls' });
      onTestFinished(() => messaging.close());
      const carried = await carry(messaging, 'worker-tls');
      const ends: string[] = [];
      onTestFinished(await messaging.hearEnds((runIds) => void ends.push(...runIds)));
      await carried.send(20);
      await eventually(() => expect(carried.got.size).toBe(20));
      messaging.tellEnds(['a-run']);
      await eventually(() => expect(ends).toEqual(['a-run']));
      await messaging.publish('worker-later', [{ jobId: 'later', name: 'task', data: {}, delayMs: 60_000 }], {
        via: 'own-door',
      });
      expect(await messaging.counts('worker-later')).toMatchObject({ delayed: 1 });
      expect(await messaging.jobStates('worker-later', ['later'])).toEqual(new Map([['later', 'delayed']]));
      await messaging.flow('worker-tls');
      expect(await messaging.withdraw('worker-later', ['later'])).toEqual(new Set(['later']));
      const epoch = queueEpoch(messaging);
      await epoch.beginRebuild('one');
      expect(await epoch.finishRebuild('one')).toBe(true);
      // The server writes down what it refused: it refused nothing.
      expect(await server.ask((redis) => redis.call('acl', 'log'))).toEqual([]);
    });

    test.each([
      [
        'an authority that nobody named',
        () => url({ ca: others.ca }),
        /certificate is of an authority that is not known/,
      ],
      ['no TLS where the server wants it', () => url({ scheme: 'redis' }), /does not answer|refuses/],
      ['a password that is wrong', () => url({ user: 'baton:wrong' }), /does not know this user or password/],
      ['a user who may only read', () => url({ user: 'reader:a-password' }), /lacks a right that Baton needs/],
      ['a user of other keys', () => url({ user: 'elsewhere:a-password' }), /lacks a right that Baton needs/],
    ])('is refused in one sentence with %s', async (_, given, sentence) => {
      const failure = await prepareQueues({ backend: 'redis', url: given() }).catch((thrown: unknown) => thrown);
      expect(failure).toMatchObject({
        code: expect.stringMatching(/^queue-(refused|unreachable)$/),
        message: expect.stringMatching(sentence),
        next: expect.stringMatching(/REDIS_URL|operating\.md/),
      });
      expect(String(failure)).not.toContain('a-password');
    });
  },
);
