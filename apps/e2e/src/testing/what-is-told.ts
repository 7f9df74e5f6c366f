import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CLI, ROOT, type Stack } from '@baton/test-stack';
import { z } from 'zod';

/** A place where something of a stack can be read, and all that stands there. */
export interface Told {
  readonly where: string;
  readonly text: string;
}

const Page = z.looseObject({ next: z.string().nullable() });

/** The answers to a list, page after page. */
async function pages(stack: Stack, path: string): Promise<string> {
  const texts: string[] = [];
  for (let cursor: string | null = ''; cursor !== null; ) {
    const answer: unknown = await stack.api(`${path}limit=200${cursor === '' ? '' : `&cursor=${cursor}`}`);
    texts.push(JSON.stringify(answer));
    cursor = Page.parse(answer).next;
  }
  return texts.join('\n');
}

async function filesBelow(folder: string): Promise<readonly Told[]> {
  const names = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = names.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return Promise.all(files.map(async (file) => ({ where: file, text: await readFile(file, 'utf8') })));
}

/** As a person sees it at a terminal: what went to both streams. */
function command(stack: Stack, args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Told> {
  return new Promise((resolve) => {
    const options = { cwd: ROOT, env: { ...stack.env, ...env } };
    execFile(process.execPath, [CLI, ...args], options, (_, out, err) =>
      resolve({ where: `baton ${args.join(' ')}`, text: `${out}\n${err}` }),
    );
  });
}

/** Everything that a stack tells: logs, events, dead letters, answers to what is wrong, figures, and what doctor says. */
export async function whatIsTold(stack: Stack): Promise<readonly Told[]> {
  const { BATON_URL: url = '', BATON_TOKEN: token = '' } = (await stack.joinEnv()) ?? {};
  const refused = async (path: string, init: RequestInit = {}): Promise<Told> => {
    const answer = await fetch(`${url}${path}`, init);
    return { where: `${init.method ?? 'GET'} ${path} ${answer.status}`, text: await answer.text() };
  };
  const authorization = `Bearer ${token}`;
  return [
    { where: 'what up says', text: stack.output },
    ...(await filesBelow(join(stack.home, 'logs'))),
    { where: 'the events', text: await pages(stack, '/v1/events?') },
    { where: 'the runs', text: await pages(stack, '/v1/runs?') },
    { where: 'the dead letters', text: await pages(stack, '/v1/dead-letters?status=all&') },
    await refused('/v1/runs', { headers: { authorization: `Bearer ${token.slice(1)}` } }),
    await refused('/v1/runs', {
      method: 'POST',
      headers: { authorization, 'content-type': 'application/json' },
      body: '{',
    }),
    await refused(`/v1/runs/none?token=${'x'.repeat(10)}`, { headers: { authorization } }),
    await refused('/metrics', { headers: { authorization } }),
    await refused('/readyz?verbose'),
    await command(stack, ['doctor']),
    await command(stack, ['doctor', '-o', 'json'], { BATON_LOG: 'debug' }),
    await command(stack, ['run', 'get', 'none'], { BATON_LOG: 'debug' }),
  ];
}

const PASSWORD = /^[a-z]+:\/\/[^:/@\s]*:([^@\s]+)@/;

/** What nobody may read anywhere: tokens, passwords of databases, keys. */
export async function secretsOf(stack: Stack): Promise<ReadonlyMap<string, string>> {
  const joined = (await stack.joinEnv()) ?? {};
  const services = ['gateway', 'orchestrator', 'planner', 'validator', 'programmer'] as const;
  const known = await Promise.all(services.map((name) => stack.serviceEnv(name)));
  const found = new Map<string, string>();
  for (const [name, value] of [joined, ...known, stack.env].flatMap((each) => Object.entries(each))) {
    const password = PASSWORD.exec(value)?.[1];
    if (password !== undefined) found.set(`the password in ${name}`, decodeURIComponent(password));
    if (/(TOKEN|KEY|SECRET|PASSWORD)$/.test(name) && value !== '') found.set(name, value);
  }
  const owner = PASSWORD.exec(await stack.ownerUrl())?.[1];
  if (owner !== undefined) found.set('the password of the owner', decodeURIComponent(owner));
  return found;
}
