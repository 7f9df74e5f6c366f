import { hash, randomUUID } from 'node:crypto';
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
  /**
   * What happens while somebody is at the provider: they sign in there, and are led back.
   *
   * @param address to which Baton led them
   * @param change of the claims of the ID token that their code is good for
   * @returns the address to which they are led
   */
  visit(address: string, claims: JWTPayload, change?: JWTPayload): string;
  /** Bodies of requests for a token so far. */
  readonly exchanges: readonly Exchange[];
  /** Answers nothing but errors until it is called with false. */
  fail(isDown: boolean): void;
  stop(): Promise<void>;
}

/** A request for a token. */
interface Exchange {
  readonly form: Readonly<Record<string, string>>;
  readonly authorization: string | undefined;
}

export async function startTestIssuer(alg = 'ES256'): Promise<TestIssuer> {
  const visits = new Map<string, { readonly claims: JWTPayload; readonly asked: URLSearchParams }>();
  const exchanges: Exchange[] = [];
  const asked: string[] = [];
  let published: JWK[] = [];
  let signing: { readonly kid: string; readonly key: PrivateKey } | undefined;
  let isDown = false;
  let url = '';
  const token: TestIssuer['token'] = async (claims, { header = {}, expiresIn = '5m' } = {}) => {
    if (signing === undefined) throw new Error('no key signs');
    return new SignJWT({ iss: url, aud: AUDIENCE, ...claims })
      .setProtectedHeader({ alg, kid: signing.kid, ...header })
      .setIssuedAt()
      .setExpirationTime(expiresIn)
      .sign(signing.key);
  };
  /** A code is good for once, for whoever has the verifier. */
  const exchange = async ({ form, authorization }: Exchange): Promise<object> => {
    exchanges.push({ form, authorization });
    const visit = visits.get(form.code ?? '');
    visits.delete(form.code ?? '');
    const challenge = hash('sha256', form.code_verifier ?? '', 'base64url');
    const isRight =
      form.grant_type === 'authorization_code' &&
      form.client_id === visit?.asked.get('client_id') &&
      form.redirect_uri === visit?.asked.get('redirect_uri') &&
      challenge === visit?.asked.get('code_challenge');
    if (visit === undefined || !isRight) return { error: 'invalid_grant' };
    return { id_token: await token(visit.claims), access_token: 'opaque', token_type: 'Bearer' };
  };
  const server = createServer(async (request, response) => {
    asked.push(request.url ?? '');
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const form = Object.fromEntries(new URLSearchParams(Buffer.concat(chunks).toString()));
    if (request.url === '/token' && !isDown) {
      const answer = await exchange({ form, authorization: request.headers.authorization });
      const status = 'error' in answer ? 400 : 200;
      response.writeHead(status, { 'content-type': 'application/json', connection: 'close' });
      return void response.end(JSON.stringify(answer));
    }
    const answers: Readonly<Record<string, unknown>> = {
      '/.well-known/openid-configuration': {
        issuer: url,
        jwks_uri: `${url}/keys`,
        authorization_endpoint: `${url}/authorize?tenant=1`,
        token_endpoint: `${url}/token`,
      },
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
    token,
    exchanges,
    visit: (address, claims, change = {}) => {
      const { searchParams: asked } = new URL(address);
      const code = randomUUID();
      const aud = asked.get('client_id') ?? '';
      visits.set(code, { asked, claims: { aud, nonce: asked.get('nonce'), ...claims, ...change } });
      const back = new URL(asked.get('redirect_uri') ?? '');
      back.searchParams.set('code', code);
      back.searchParams.set('state', asked.get('state') ?? '');
      back.searchParams.set('iss', url);
      return back.href;
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
