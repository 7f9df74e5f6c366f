import { AccessScope, Role } from '@baton/contracts';
import { z } from 'zod';
import type { Grant } from './grants.js';

/** How users come with tokens of an identity provider. */
export interface OidcConfig {
  readonly issuer: URL;
  /** As it stands in tokens: compared character by character. */
  readonly issuerText: string;
  readonly audience: string;
  readonly algorithms: readonly string[];
  readonly clockToleranceS: number;
  /** The claim that names the user, and the one that has the groups. */
  readonly userClaim: string;
  readonly groupsClaim: string;
  readonly grantsOfGroups: ReadonlyMap<string, readonly Grant[]>;
  /** One of these has to hold, as pairs of claim and value; null: whoever has a role may come. */
  readonly allow: readonly (readonly [claim: string, value: string])[] | null;
  /** As what Baton itself is known to the provider, and sends people there to sign in; null where it is not. */
  readonly client: OidcClientConfig | null;
}

interface OidcClientConfig {
  readonly id: string;
  /** Null: a public client, which PKCE alone guards. */
  readonly secret: string | null;
  /** Separated by spaces. */
  readonly scopes: string;
}

/** With a key that only the issuer has: whoever can check a token must not be able to make one. */
const ALGORITHMS = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA'] as const;

const LOOPBACK = new Set(['localhost', '127.0.0.1', '[::1]']);

/** Whether nobody on the way can read or change what is said there. */
export function isPrivateWay(text: string): boolean {
  const url = URL.canParse(text) ? new URL(text) : null;
  return url?.protocol === 'https:' || (url?.protocol === 'http:' && LOOPBACK.has(url.hostname));
}

const partsOf = (text: string): readonly string[] =>
  text
    .split(/[;\n]/)
    .map((part) => part.trim())
    .filter((part) => part !== '');

/** Pairs of a claim and its value. */
const Allowed = z
  .string()
  .transform((text) =>
    partsOf(text).map((part) => {
      const at = part.lastIndexOf('=');
      return [part.slice(0, at).trim(), part.slice(at + 1).trim()] as const;
    }),
  )
  .refine(
    (list) => list.every(([claim, value]) => claim !== '' && value !== ''),
    'expected something like groups=baton-users',
  );

/** `group=role+role`, and behind it in brackets which runs they are for. Groups may have equal signs in their names. */
const GRANT = /^(.*)=([^=[\]]+)(?:\[([^\]]*)\])?$/;
const EXAMPLE = 'platform=admin; red=submitter+viewer[label=team=red]';

const GrantsOfGroups = z.string().transform((text, context) => {
  const grants = new Map<string, readonly Grant[]>();
  const wrong = (input: string, message: string): void => void context.issues.push({ code: 'custom', input, message });
  for (const part of partsOf(text)) {
    const [, group = '', words = '', scopeWords] = GRANT.exec(part) ?? [];
    const name = group.trim();
    const roles = Role.array().safeParse(words.split('+').map((word) => word.trim()));
    const scope = scopeWords === undefined ? null : scopeIn(scopeWords);
    if (name === '' || words === '') wrong(part, `expected something like ${EXAMPLE}`);
    else if (!roles.success) wrong(words, `${words} has no role of ${Role.options.join(', ')}`);
    else if (scope === undefined)
      wrong(part, `[${scopeWords}] is no scope: workflow=NAME, label=KEY=VALUE and own, with commas between them`);
    else grants.set(name, [...(grants.get(name) ?? []), { roles: roles.data, scope }]);
  }
  return grants;
});

/** The words that `baton auth key create --scope` takes. @returns undefined where they are none */
function scopeIn(text: string): AccessScope | undefined {
  const workflows: string[] = [];
  const labels: Record<string, string> = {};
  let own = false;
  for (const word of text.split(',').map((each) => each.trim())) {
    const [, kind, name = '', value] = /^(workflow|label)=([^=]+)(?:=(.*))?$/.exec(word) ?? [];
    if (word === 'own') own = true;
    else if (kind === 'workflow' && value === undefined) workflows.push(name);
    else if (kind === 'label' && value !== undefined && !Object.hasOwn(labels, name)) labels[name] = value;
    else return undefined;
  }
  return AccessScope.safeParse({
    ...(workflows.length === 0 ? {} : { workflows }),
    ...(Object.keys(labels).length === 0 ? {} : { labels }),
    ...(own ? { own } : {}),
  }).data;
}

const Claim = z.string().min(1).max(200);

/** The variables, as they stand in the environment of the gateway. */
export const OidcVariables = z.object({
  BATON_OIDC_ISSUER: z
    .url()
    .refine(isPrivateWay, 'expected an https address: over plain http anybody on the way could say who is who')
    .optional(),
  BATON_OIDC_AUDIENCE: z.string().min(1).optional(),
  BATON_OIDC_ROLES: GrantsOfGroups.optional(),
  BATON_OIDC_ALLOW: Allowed.optional(),
  BATON_OIDC_USER_CLAIM: Claim.default('sub'),
  BATON_OIDC_GROUPS_CLAIM: Claim.default('groups'),
  BATON_OIDC_ALGORITHMS: z
    .string()
    .default('RS256,PS256,ES256,EdDSA')
    .transform((text) => text.split(',').map((word) => word.trim()))
    .pipe(z.array(z.enum(ALGORITHMS)).min(1)),
  BATON_OIDC_CLOCK_TOLERANCE_S: z.coerce.number().int().min(0).max(300).default(30),
  BATON_OIDC_CLIENT_ID: z.string().min(1).optional(),
  BATON_OIDC_CLIENT_SECRET: z.string().min(1).optional(),
  BATON_OIDC_SCOPES: z
    .string()
    .regex(/(^| )openid( |$)/, 'expected scopes with spaces between them, openid among them')
    .default('openid profile email'),
});

/** What goes only together. */
export const isOidcWhole = (env: z.output<typeof OidcVariables>): boolean =>
  env.BATON_OIDC_ISSUER === undefined || (env.BATON_OIDC_AUDIENCE !== undefined && env.BATON_OIDC_ROLES !== undefined);

/** What says nothing without an identity provider. */
export const lacksIssuer = (env: z.output<typeof OidcVariables>): boolean =>
  env.BATON_OIDC_ISSUER === undefined && env.BATON_OIDC_CLIENT_ID !== undefined;

/** Null where no identity provider is named. */
export function oidcConfigOf(env: z.output<typeof OidcVariables>): OidcConfig | null {
  const { BATON_OIDC_ISSUER: issuer, BATON_OIDC_AUDIENCE: audience, BATON_OIDC_ROLES: grantsOfGroups } = env;
  if (issuer === undefined || audience === undefined || grantsOfGroups === undefined) return null;
  return {
    issuer: new URL(issuer),
    issuerText: issuer,
    audience,
    grantsOfGroups,
    algorithms: env.BATON_OIDC_ALGORITHMS,
    clockToleranceS: env.BATON_OIDC_CLOCK_TOLERANCE_S,
    userClaim: env.BATON_OIDC_USER_CLAIM,
    groupsClaim: env.BATON_OIDC_GROUPS_CLAIM,
    allow: env.BATON_OIDC_ALLOW ?? null,
    client:
      env.BATON_OIDC_CLIENT_ID === undefined
        ? null
        : {
            id: env.BATON_OIDC_CLIENT_ID,
            secret: env.BATON_OIDC_CLIENT_SECRET ?? null,
            scopes: env.BATON_OIDC_SCOPES,
          },
  };
}
