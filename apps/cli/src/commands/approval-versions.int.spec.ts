import type { ServerResponse } from 'node:http';
import type { ApprovalView, Json } from '@baton/contracts';
import { packFiles } from '@baton/workspace';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Bench, RUN_PATH } from '../testing/baton.js';
import { events, RUN_ID } from '../testing/events.js';
import { json, problem } from '../testing/http-server.js';

let bench: Bench;
beforeEach(async () => {
  bench = await Bench.start();
  bench.serveRun();
  bench.routes.set(`GET ${RUN_PATH}/events`, (_, response) => json(response, 200, { events: [], next: null }));
});
afterEach(() => bench.stop());

const [BASE, MADE] = ['a'.repeat(64), 'b'.repeat(64)];
type Files = Readonly<Record<string, string>>;

/** Serves a version of a workspace, and what of it differs from the other one. */
function serveVersion(tree: string, all: Files, differing: Files): void {
  bench.routes.set(`GET /v1/workspaces/${tree}`, ({ path }, response) => {
    answerFiles(response, path.includes('since=') ? differing : all);
  });
}

function answerFiles(response: ServerResponse, files: Files): void {
  const entries = async function* () {
    for (const [path, content] of Object.entries(files))
      yield { path, mode: '100644' as const, bytes: Buffer.from(content) };
  };
  response.writeHead(200, { 'content-type': 'application/x-tar' });
  packFiles(entries()).pipe(response);
}

const show = (question: Json, change: Partial<ApprovalView> = {}) => {
  const approval: ApprovalView = {
    approvalId: `${RUN_ID}-9`,
    runId: RUN_ID,
    workflow: 'seven-step',
    workflowVersion: '1.0.0',
    state: 'Ask',
    title: 'Deploy it',
    since: '2026-01-01T00:00:01.000Z',
    dueAt: null,
    status: 'open',
    sha256: 'ab'.repeat(32),
    arguments: question,
    settledAt: null,
    settledBy: null,
    comment: null,
    policy: null,
    submittedBy: { type: 'user', id: 'ada' },
    approvals: [],
    missing: { count: 1, from: null },
    remindedAt: null,
    escalatedAt: null,
    blocked: null,
    ...change,
  };
  bench.routes.set(`GET /v1/approvals/${RUN_ID}-9`, (_, response) => json(response, 200, approval));
  return bench.baton(['approval', 'show', '3f2a-9']);
};

test('a deployment is shown with the command that it runs and the files that it changes, not with their hashes alone', async () => {
  const tools = 'deploy:\n  command: ./ship.sh\n  env: [SITE_KEY]\nchecks: [{ name: t, command: x }]\n';
  serveVersion(BASE, { 'site.html': 'one\n', '.baton/tools.yaml': tools }, { 'site.html': 'one\n', 'gone.txt': 'g\n' });
  serveVersion(MADE, {}, { 'site.html': 'two\n', 'ship.sh': 'evil\u001b[2K\n' });
  const { stdout } = await show({ tree: MADE, base: BASE });
  expect(stdout).toMatch(/What is run when it is approved\n {2}command: \.\/ship\.sh\n {2}env:\n {4}- SITE_KEY\n/);
  expect(stdout).toContain('Files (2), compared to the workspace that it is made from');
  expect(stdout).toMatch(/^ {2}gone\.txt +deleted, \+0 −1$/m);
  expect(stdout).toMatch(/^ {2}ship\.sh +new, \+1 −0$/m);
  expect(stdout).toMatch(/^ {2}site\.html +changed, \+1 −1\n {4}@@ .*\n {4}-one\n {4}\+two$/m);
});

test.each([
  ['no file', {}, 'tools.yaml is not there'],
  ['a file that says nothing of it', { '.baton/tools.yaml': 'checks: []' }, 'has no section deploy that can be read'],
])('a deployment whose base has %s is shown as one that cannot be', async (_, files, words) => {
  serveVersion(BASE, files, {});
  serveVersion(MADE, {}, {});
  expect((await show({ tree: MADE, base: BASE })).stdout).toContain(words);
});

test('code made from a workspace is compared to that, and what is shown is what the version holds', async () => {
  serveVersion(BASE, {}, { 'a.ts': 'one\n' });
  serveVersion(MADE, {}, { 'a.ts': 'one\ntwo\n', 'hidden.ts': 'x\n' });
  const code = { files: [{ path: 'a.ts', content: 'harmless\n' }], workspace: { base: BASE, tree: MADE } };
  const { stdout } = await show({ code });
  expect(stdout).toMatch(/^ {2}a\.ts +changed, \+1 −0$/m);
  expect(stdout).toMatch(/^ {2}hidden\.ts +new, \+1 −0$/m);
});

test('versions that nobody has any more leave the page as it is asked', async () => {
  for (const tree of [BASE, MADE])
    bench.routes.set(`GET /v1/workspaces/${tree}`, (_, response) =>
      problem(response, 404, 'workspace-not-found', 'There is no such workspace.'),
    );
  const { stdout, exitCode } = await show({ tree: MADE, base: BASE }, { title: 'Deploy \u001b[8mit' });
  expect(exitCode).toBe(0);
  expect(stdout.split('\n')[0]).toBe('Deploy  [8mit');
  expect(stdout).toContain(MADE);
});

test('what changed since the last question is told by the versions: a file that is again as it was is not deleted', async () => {
  const shownTree = 'c'.repeat(64);
  const file = (path: string, content: string) => ({ path, content });
  const codeOf = (tree: string, ...files: readonly Json[]) => ({
    about: 'code',
    code: { files, workspace: { base: BASE, tree } },
  });
  const asks = (n: number, question: Json) =>
    ['TaskScheduled', { commandId: `${RUN_ID}-${n}`, resource: 'baton:approval', arguments: question }] as const;
  const now = codeOf(MADE, file('kept.txt', 'new\n'));
  const before = codeOf(shownTree, file('kept.txt', 'new\n'), file('reverted.txt', 'odd\n'));
  const list = events(asks(5, before), asks(9, now));
  bench.routes.set(`GET ${RUN_PATH}/events`, (_, response) => json(response, 200, { events: list, next: null }));
  bench.routes.set(`GET /v1/workspaces/${MADE}`, ({ path }, response) =>
    answerFiles(response, path.includes(shownTree) ? { 'reverted.txt': 'as it was\n' } : { 'kept.txt': 'new\n' }),
  );
  serveVersion(shownTree, {}, { 'reverted.txt': 'odd\n', 'taken-out.txt': 'old\n' });
  serveVersion(BASE, {}, { 'kept.txt': 'old\n', 'taken-out.txt': 'old\n' });
  const { stdout } = await show(now);
  expect(stdout).toMatch(/^ {2}reverted\.txt +changed, \+1 −1$/m);
  expect(stdout).toMatch(/^ {2}taken-out\.txt +deleted, \+0 −1$/m);
  expect(stdout).toContain('1 file is as before.');
});
