import { randomUUID } from 'node:crypto';
import { createCatalog } from '@baton/catalog';
import { JsonObject } from '@baton/contracts';
import { createPool, createProducer, findRequest, revokeProducer } from '@baton/event-store';
import { CompactSign, exportJWK, generateKeyPair } from 'jose';
import type { Pool } from 'pg';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { HubFixture, sealerOf } from '../testing/hub-fixture.js';
import { type RequestPorts, readRequest } from './read-request.js';

type PrivateKey = Awaited<ReturnType<typeof generateKeyPair>>['privateKey'];

let fixture: HubFixture;
let owner: Pool;
let ports: RequestPorts;
let shopKey: PrivateKey;
let otherKey: PrivateKey;
const made: string[] = [];

async function producer(name: string): Promise<PrivateKey> {
  const { privateKey, publicKey } = await generateKeyPair('EdDSA', { crv: 'Ed25519', extractable: true });
  // On Redis its login is no role of this server, which other files share.
  const jwk = JsonObject.parse(await exportJWK(publicKey));
  await createProducer(owner, { name, redisSha256: 'a'.repeat(64), publicKey: jwk }, 'tester');
  made.push(name);
  return privateKey;
}

beforeAll(async () => {
  fixture = await HubFixture.open(inject('postgresUrl'));
  owner = createPool(fixture.database.url, { role: 'owner', applicationName: 'signed-test', max: 1 });
  const { order } = fixture.start(randomUUID());
  if (order.type !== 'StartRun') throw new Error('a start is a StartRun');
  const catalog = createCatalog([{ document: order.document, sha256: order.sha256, file: 'test' }]);
  ports = { pool: fixture.pool, sealer: sealerOf(fixture.pool), catalog, isSignedOnly: true };
  shopKey = await producer('shop');
  otherKey = await producer('desk');
});
afterAll(async () => {
  for (const name of made) await revokeProducer(owner, name, 'tester');
  await owner?.end();
  await fixture?.close();
});

const sign = (payload: unknown, key: PrivateKey = shopKey, kid = 'shop'): Promise<string> =>
  new CompactSign(new TextEncoder().encode(JSON.stringify(payload)))
    .setProtectedHeader({ alg: 'EdDSA', kid })
    .sign(key);
const submit = (requestId: string) => ({ requestId, workflow: 'two-tasks', input: {} });
const signed = async (requestId: string, ...how: Parameters<typeof sign>) => ({ requestId, jws: await sign(...how) });

describe('a signed request', () => {
  test('is of the producer that signed it, whoever it says that it is', async () => {
    const request = { ...submit('r1'), actor: { type: 'user', id: 'ada' } };
    const read = await readRequest('signed', await signed('r1', { name: 'submit', request }), null, ports);
    expect(read).toMatchObject({ actor: { type: 'producer', id: 'shop', via: 'jws' }, order: { type: 'StartRun' } });
  });

  test('has no roles, and pauses what it was signed to pause', async () => {
    const runId = randomUUID();
    const request = { requestId: 'r2', runId };
    const read = await readRequest('signed', await signed('r2', { name: 'pause', request }), null, ports);
    expect(read).toMatchObject({ runId, order: { type: 'PauseRun' }, actor: { id: 'shop' } });
    const answer = { requestId: 'r3', runId, approvalId: `${runId}-1`, decision: 'approve', roles: ['admin'] };
    const decided = await readRequest(
      'signed',
      await signed('r3', { name: 'decide-approval', request: answer }),
      null,
      ports,
    );
    expect(decided.order).toMatchObject({ type: 'DecideApproval', roles: undefined });
  });

  test.each<[string, () => Promise<object>, string]>([
    ['by another producer', () => signed('r', { name: 'submit', request: submit('r') }, otherKey), 'wrong-signature'],
    [
      'by nobody there is',
      () => signed('r', { name: 'submit', request: submit('r') }, shopKey, 'nobody'),
      'unknown-producer',
    ],
    ['under another request id', () => signed('other', { name: 'submit', request: submit('r') }), 'invalid-request'],
    ['over something else', () => signed('r', { submit: submit('r') }), 'invalid-request'],
    ['over a name that is none', () => signed('r', { name: 'constructor', request: submit('r') }), 'unknown-request'],
    [
      'over a signature',
      async () => signed('r', { name: 'signed', request: await signed('r', submit('r')) }),
      'unknown-request',
    ],
    [
      'over a request of no shape',
      () => signed('r', { name: 'submit', request: { requestId: 'r' } }),
      'invalid-request',
    ],
    [
      'and changed after that',
      async () => {
        const { requestId, jws } = await signed('r', { name: 'submit', request: submit('r') });
        const [head, , signature] = jws.split('.');
        const payload = Buffer.from(JSON.stringify({ name: 'cancel', request: submit('r') })).toString('base64url');
        return { requestId, jws: [head, payload, signature].join('.') };
      },
      'wrong-signature',
    ],
  ])('%s is refused with a reason', async (_, make, code) => {
    await expect(readRequest('signed', await make(), null, ports)).rejects.toMatchObject({ code });
  });
});

describe('where all has to be signed', () => {
  test('what is not is refused, by whatever name', async () => {
    await expect(readRequest('submit', submit('u1'), null, ports)).rejects.toMatchObject({ code: 'unsigned-request' });
    const accepted = { requestId: 'u1', name: 'cancel', message: { requestId: 'u1' } };
    await expect(readRequest('submit', submit('u1'), accepted, ports)).rejects.toMatchObject({
      code: 'unsigned-request',
    });
  });

  test('what the gateway accepted is vouched for, also when its message comes again after it was carried out', async () => {
    const accepted = { requestId: 'g1', name: 'submit', message: submit('g1') };
    expect((await readRequest('submit', submit('g1'), accepted, ports)).order.type).toBe('StartRun');
    const hub = await fixture.startHub();
    await hub.handle(await readRequest('submit', submit('g1'), accepted, ports));
    expect(await findRequest(fixture.pool, 'g1')).not.toBeNull();
    expect((await readRequest('submit', submit('g1'), null, ports)).order.type).toBe('StartRun');
  });
});

test('where it has not, nobody speaks unsigned in the name of a producer that signs, and anybody in another', async () => {
  const open = { ...ports, isSignedOnly: false };
  const as = (id: string) => readRequest('submit', { ...submit('o1'), actor: { type: 'producer', id } }, null, open);
  await expect(as('shop')).rejects.toMatchObject({ code: 'actor-not-proven' });
  expect((await as('somebody')).actor).toEqual({ type: 'producer', id: 'somebody' });
});
