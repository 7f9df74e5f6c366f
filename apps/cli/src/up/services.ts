import { join } from 'node:path';
import type { Login } from '@baton/contracts';
import { freePort, programOf } from '@baton/service-kit';
import { UsageError } from '../exit-codes.js';
import type { SecretVariables } from './request-secrets.js';
import { inheritedBy } from './service-env.js';
import type { Launch } from './service-process.js';

/** The services of a stack, each a process. The gateway stops first, so that nobody is told what nobody will do. */
export const SERVICES = {
  orchestrator: { stopsIn: 1 },
  planner: { stopsIn: 1 },
  validator: { stopsIn: 1 },
  programmer: { stopsIn: 1 },
  tester: { stopsIn: 1 },
  prompt: { stopsIn: 1 },
  advisor: { stopsIn: 1 },
  deployer: { stopsIn: 1 },
  http: { stopsIn: 1 },
  gateway: { stopsIn: 0 },
} as const;
export type ServiceName = keyof typeof SERVICES;

const isServiceName = (word: string): word is ServiceName => Object.hasOwn(SERVICES, word);
export const allServices = (): readonly ServiceName[] => Object.keys(SERVICES).filter(isServiceName);

/** Requests over HTTP go to the hosts that the operator names; where none are named there is nothing to send. */
const asksHosts = (variables: Readonly<Record<string, string>>): boolean =>
  (variables.BATON_HTTP_HOSTS ?? '').split(',').some((word) => word.trim() !== '');

/** Those that a whole stack has. */
export const usualServices = (variables: Readonly<Record<string, string>>): readonly ServiceName[] =>
  allServices().filter((name) => name !== 'http' || asksHosts(variables));

/** The value of `--only`. Throws UsageError for an unknown or missing name, and for one that could do nothing. */
export function parseOnly(
  value: string | undefined,
  variables: Readonly<Record<string, string>>,
): readonly ServiceName[] {
  if (value === undefined) return usualServices(variables);
  const words = value.split(',').map((word) => word.trim());
  const names = words.map((word) => {
    if (isServiceName(word)) return word;
    throw new UsageError(
      word === '' ? 'An entry of --only is empty.' : `There is no service ${word}.`,
      `Choose from ${allServices().join(', ')}.`,
    );
  });
  if (names.includes('http') && !asksHosts(variables)) {
    throw new UsageError(
      'The service http may ask no host: BATON_HTTP_HOSTS is not set.',
      'Name the hosts there, such as BATON_HTTP_HOSTS=api.example.com, or leave http out of --only.',
    );
  }
  return allServices().filter((name) => names.includes(name));
}

/** Whom a service is to the database: the requests that workflows ask for are sent as the workers of users are run. */
const loginOf = (name: ServiceName): Login => (name === 'http' ? 'worker' : name);

/** The address at which this machine reaches a server that listens on the host. */
export function urlOf(host: string, port: number): string {
  const reachable = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host;
  return `http://${reachable.includes(':') ? `[${reachable}]` : reachable}:${port}`;
}

export interface LaunchSettings {
  readonly root: string;
  /** Each service has a login of its own. */
  readonly databaseUrlOf: (login: Login) => string;
  /** Beside it the way past a pooler, for what needs a connection of its own; null where there is none. */
  readonly directUrlOf: ((login: Login) => string) | null;
  readonly token: string;
  readonly host: string;
  readonly port: number;
  readonly home: string;
  readonly inherited: Readonly<Record<string, string>>;
  /** Of those that are inherited. */
  readonly secretVariables: SecretVariables;
}

/** What links in webhooks begin with: as it was set, or where the gateway is. */
const publicUrlOf = ({ inherited, host, port }: LaunchSettings): string => {
  const given = inherited.BATON_PUBLIC_URL ?? '';
  return given === '' ? urlOf(host, port) : given;
};

const answersOk = (url: string, timeoutMs = 3_000): Promise<boolean> =>
  fetch(url, { signal: AbortSignal.timeout(timeoutMs) }).then(
    (response) => response.ok,
    () => false,
  );

/** How one service is started. Every start asks for a new health port: the last one may belong to another program by now. */
export async function launchOf(name: ServiceName, settings: LaunchSettings): Promise<Launch> {
  const healthPort = await freePort();
  const readyUrl = name === 'gateway' ? urlOf(settings.host, settings.port) : `http://127.0.0.1:${healthPort}`;
  return {
    program: process.execPath,
    args: [programOf(settings.root, name)],
    env: {
      ...(name === 'deployer' ? { BATON_DEPLOY_DIR: join(settings.home, 'deployed') } : {}),
      ...inheritedBy(name, settings.inherited, await settings.secretVariables()),
      DATABASE_URL: settings.databaseUrlOf(loginOf(name)),
      ...(settings.directUrlOf === null ? {} : { BATON_DATABASE_DIRECT_URL: settings.directUrlOf(loginOf(name)) }),
      BATON_HOME: settings.home,
      BATON_PARENT_PID: String(process.pid),
      BATON_HEALTH_PORT: String(healthPort),
      ...(name === 'orchestrator' ? { BATON_PUBLIC_URL: publicUrlOf(settings) } : {}),
      // Only the gateway asks for the token, and only the gateway gets it.
      ...(name === 'gateway'
        ? { BATON_TOKEN: settings.token, BATON_HOST: settings.host, BATON_PORT: String(settings.port) }
        : {}),
    },
    isReady: () => answersOk(`${readyUrl}/readyz`),
    // Of its own server also for the gateway: whoever fills the other with requests must not get the gateway killed.
    isAlive: (timeoutMs) => answersOk(`http://127.0.0.1:${healthPort}/livez`, timeoutMs),
  };
}
