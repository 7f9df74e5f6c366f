import { readFileSync } from 'node:fs';
import { BatonError, type CutSecrets, cutSecretsOf, isCutAnywhere } from '@baton/contracts';
import { type HostRule, isAllowed, parseHostRule } from '@baton/outbound';
import type { EnvSource } from '@baton/service-kit';
import { z } from 'zod';
import type { Place } from './place.js';
import { HttpErrorName, refused } from './refused.js';
import type { SecretReference } from './request-arguments.js';

/*
 * The secrets of the operator. A workflow says their names; what they are is known to this process alone, and each goes to the hosts
 * that it is for and nowhere else: who may publish a workflow may not carry one service's key to another.
 */

const File = z.record(
  z.string(),
  z
    .strictObject({
      value: z.string().optional(),
      /** The variable of the environment that it is in. */
      env: z.string().optional(),
      hosts: z.array(z.string()).min(1),
    })
    .refine(({ value, env }) => (value === undefined) !== (env === undefined), 'expected either value or env'),
);

interface Secret {
  readonly value: string;
  readonly hosts: readonly HostRule[];
}

export interface Secrets {
  /** What a reference stands for in a request to this place. @throws TerminalError `Baton.SecretNotAllowed` */
  readonly at: (reference: SecretReference, place: Place) => string;
  /** Takes all of them out of a text. */
  readonly cut: CutSecrets;
}

/** A shorter one stands in ordinary texts as well, and could not be cut out of them. */
const SHORTEST = 12;

const unusable = (detail: string, cause?: unknown): BatonError =>
  new BatonError(`The secrets cannot be used: ${detail}.`, {
    code: 'invalid-environment',
    next: 'Correct the file that BATON_HTTP_SECRETS names: {"NAME": {"env": "VARIABLE", "hosts": ["api.example.com"]}}.',
    cause,
  });

/** @param path of the file; null where there is none. @throws BatonError `invalid-environment`, without what is in it */
export function readSecrets(path: string | null, env: EnvSource): Secrets {
  const known = new Map<string, Secret>();
  for (const [name, secret] of path === null ? [] : Object.entries(readFile(path))) {
    known.set(name, read(name, secret, env));
  }
  return {
    at: ({ secret: name, before = '' }, place) => {
      const secret = known.get(name);
      if (secret !== undefined && isAllowed(secret.hosts, place, place.way)) return before + secret.value;
      throw refused(
        HttpErrorName.secretNotAllowed,
        secret === undefined ? `There is no secret ${name}.` : `The secret ${name} is not for ${place.host}.`,
        'The operator says in the file of BATON_HTTP_SECRETS which secrets there are, and for which hosts.',
      );
    },
    cut: cutSecretsOf(Object.fromEntries([...known].map(([name, { value }]) => [`${name}_SECRET`, value]))),
  };
}

function readFile(path: string): z.infer<typeof File> {
  try {
    return File.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch (thrown) {
    // What a parser says of the text may repeat it.
    if (thrown instanceof z.ZodError) {
      throw unusable(thrown.issues.map(({ path: at, message }) => `${at.join('.')}: ${message}`).join('; '));
    }
    throw unusable(`${path} cannot be read as JSON`);
  }
}

function read(name: string, { value, env: variable, hosts }: z.infer<typeof File>[string], env: EnvSource): Secret {
  const found = value ?? (variable === undefined ? undefined : env[variable]);
  if (found === undefined || found === '') throw unusable(`${name}: the variable ${variable} is not set`);
  if (found.length < SHORTEST) throw unusable(`${name}: a secret has at least ${SHORTEST} characters`);
  if (!isCutAnywhere(found)) {
    throw unusable(`${name}: a secret of letters alone has at least 20 of them, else it could be a word of any text`);
  }
  if (/[^\x20-\x7e]/.test(found)) throw unusable(`${name}: a header takes printable ASCII alone`);
  return {
    value: found,
    hosts: hosts.map((host) => {
      const rule = parseHostRule(host);
      if (rule === null) throw unusable(`${name}: ${host} is no host and no host:port`);
      return rule;
    }),
  };
}
