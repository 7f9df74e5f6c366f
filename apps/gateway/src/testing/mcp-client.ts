import type { Role } from '@baton/contracts';
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import type { TestGateway } from './test-gateway.js';

/** A client of the protocol, of the newest or of the older kind, with a key. */
export async function connectMcp(
  { url }: Pick<TestGateway, 'url'>,
  key: string,
  era: 'modern' | 'legacy' = 'modern',
  name = 'a-client',
): Promise<Client> {
  const client = new Client(
    { name, version: '1.2.3' },
    era === 'modern' ? { versionNegotiation: { mode: { pin: '2026-07-28' } } } : {},
  );
  const requestInit = { headers: { authorization: `Bearer ${key}` } };
  await client.connect(new StreamableHTTPClientTransport(new URL(`${url}/mcp`), { requestInit }));
  return client;
}

/** What a tool says, and gives. */
export async function callTool(client: Client, name: string, args: Record<string, unknown> = {}) {
  const result = await client.callTool({ name, arguments: args });
  const text = result.content.map((part) => (part.type === 'text' ? part.text : '')).join('\n');
  // biome-ignore lint/suspicious/noExplicitAny: each tool gives another shape; expect() checks it.
  const value = result.structuredContent as any;
  return { text, value, isError: result.isError === true };
}

/** Clients with keys of their own, each made once. */
export function mcpClients(gateway: () => TestGateway) {
  const open = new Map<string, Client>();
  const named = async (key: string, roles: readonly Role[], clientName?: string): Promise<Client> => {
    const known = open.get(key);
    if (known !== undefined) return known;
    const { body } = await gateway().post('/v1/auth/keys', { name: key, roles });
    const client = await connectMcp(gateway(), body.key, 'modern', clientName);
    open.set(key, client);
    return client;
  };
  return {
    named,
    /** One whose key has these roles, and is called as they are. */
    as: (...roles: readonly Role[]) => named(roles.join('-'), roles),
    close: () => Promise.all([...open.values()].map((client) => client.close())),
  };
}
