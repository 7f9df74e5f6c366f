import {
  type Actor,
  actorAsJson,
  type JsonObject,
  SignedMessage,
  SignedRequest,
  TerminalError,
  toError,
} from '@baton/contracts';
import { findProducer } from '@baton/event-store';
import { compactVerify, decodeProtectedHeader, importJWK } from 'jose';
import type { Pool } from 'pg';

const ALGORITHM = 'EdDSA';

/** A request whose producer is proven. */
export interface ProvenRequest {
  readonly name: string;
  /** With the actor that the signature proves, whatever it says itself. */
  readonly request: JsonObject;
  readonly actor: Actor;
}

/**
 * Checks the signature of a request, which holds the name of the job as well: what was signed as a pause can be sent as
 * nothing else. Sent again it has no second effect, since its request id is signed, too.
 *
 * @throws TerminalError `unknown-producer`, `wrong-signature`, `invalid-request`
 */
export async function readSigned(message: unknown, pool: Pool): Promise<ProvenRequest> {
  const { requestId, jws } = SignedMessage.parse(message);
  const kid = producerNamed(jws);
  const producer = await findProducer(pool, kid);
  if (producer === null || producer.publicKey === null) {
    throw new TerminalError(`There is no producer ${kid} that signs.`, {
      code: 'unknown-producer',
      next: 'Make it with `baton auth producer create NAME --sign`, and give its name as the kid of the signature.',
    });
  }
  const key = await importJWK(producer.publicKey, ALGORITHM);
  const { payload } = await compactVerify(jws, key, { algorithms: [ALGORITHM] }).catch((thrown: unknown) => {
    throw new TerminalError(`The signature is not one of the producer ${kid}.`, {
      code: 'wrong-signature',
      next: 'Sign with the private key that was shown when the producer was made.',
      cause: toError(thrown),
    });
  });
  const { name, request } = readPayload(payload);
  if (request.requestId !== requestId) {
    throw new TerminalError('The request id beside the signature is not the one that was signed.', {
      code: 'invalid-request',
      next: 'Send the requestId of the request that was signed.',
    });
  }
  const actor: Actor = { type: 'producer', id: producer.name, via: 'jws' };
  return { name, request: { ...request, actor: actorAsJson(actor) }, actor };
}

function producerNamed(jws: string): string {
  try {
    const { kid } = decodeProtectedHeader(jws);
    if (typeof kid === 'string' && kid.length <= 40) return kid;
  } catch {
    // Said below.
  }
  throw new TerminalError('The signature does not name its producer.', {
    code: 'wrong-signature',
    next: 'Give the name of the producer as `kid` of the protected header.',
  });
}

function readPayload(payload: Uint8Array): ReturnType<typeof SignedRequest.parse> {
  try {
    return SignedRequest.parse(JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(payload)));
  } catch (thrown) {
    throw new TerminalError('What was signed is not of the form { name, request }.', {
      code: 'invalid-request',
      next: 'Sign the JSON of the name of the job and its data.',
      cause: toError(thrown),
    });
  }
}
