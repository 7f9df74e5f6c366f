import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, type JWK, type JWTPayload, SignJWT } from 'jose';

export const AUDIENCE = 'baton-of-this-test';

type PrivateKey = Awaited<ReturnType<typeof generateKeyPair>>['privateKey'];

/** An identity provider on an HTTP server of its own: discovery, keys, and tokens of any kind. */
export interface TestIssuer {
  readonly url: string;
  /** Requests so far, by path. */
  readonly asked: readonly string[];
  /** The newest key signs; those of before stay published unless told otherwise. */
  rotate(options?: { readonly forget?: boolean }): Promise<void>;
  token(
    claims: JWTPayload,
    options?: { readonly header?: object; readonly expiresIn?: string | number },
  ): Promise<string>;
  /** Answers nothing but errors until it is called with false. */
  fail(isDown: boolean): void;
  stop(): Promise<void>;
}

export async function startTestIssuer(alg = 'ES256'): Promise<TestIssuer> {
  const asked: string[] = [];
  let published: JWK[] = [];
  let signing: { readonly kid: string; readonly key: PrivateKey } | undefined;
  let isDown = false;
  let url = '';
  const server = createServer((request, response) => {
    asked.push(request.url ?? '');
    const answers: Readonly<Record<string, unknown>> = {
      '/.well-known/openid-configuration': { issuer: url, jwks_uri: `${url}/keys` },
      '/keys': { keys: published },
    };
    const body = isDown ? undefined : answers[request.url ?? ''];
    response.writeHead(body === undefined ? 503 : 200, { 'content-type': 'application/json', connection: 'close' });
    response.end(JSON.stringify(body ?? {}));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  url = `http://127.0.0.1:${port}`;
  let made = 0;
  const rotate = async ({ forget = false } = {}): Promise<void> => {
    const { privateKey, publicKey } = await generateKeyPair(alg);
    made += 1;
    const kid = `key-${made}`;
    published = [...(forget ? [] : published), { ...(await exportJWK(publicKey)), kid, alg, use: 'sig' }];
    signing = { kid, key: privateKey };
  };
  await rotate();
  return {
    url,
    asked,
    rotate,
    token: async (claims, { header = {}, expiresIn = '5m' } = {}) => {
      if (signing === undefined) throw new Error('no key signs');
      return new SignJWT({ iss: url, aud: AUDIENCE, ...claims })
        .setProtectedHeader({ alg, kid: signing.kid, ...header })
        .setIssuedAt()
        .setExpirationTime(expiresIn)
        .sign(signing.key);
    },
    fail: (down) => {
      isDown = down;
    },
    stop: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}
