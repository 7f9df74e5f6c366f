import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { batonCommand, curlCommand, shellWord } from './commands.js';

const HOSTILE = [
  ...[
    '',
    ' ',
    "it's",
    '"',
    '$HOME `id` $(id)',
    '\\',
    '\\n',
    'two\nlines\n',
    '!!',
    '~',
    '*',
    '# no comment',
    '-n',
    'a=b',
  ],
  ...["'; rm -rf / #", "'''", 'ünï “x” 🙂', 'JSON', '\t\r\u001b[31m', '{a,b}', 'x'.repeat(5_000)],
];

/** What a command of these words is given, by a POSIX shell. */
function argumentsIn(command: string, name: string): { readonly args: readonly string[]; readonly input: string } {
  const script = `${name}() { printf '%s\\0' "$@"; printf '\\1'; case " $* " in *' @- '*) cat ;; esac; }\n${command}\n`;
  const [args = '', input = ''] = execFileSync('sh', ['-c', script], {
    encoding: 'utf8',
    env: { PATH: process.env.PATH ?? '', BATON_URL: 'http://x', BATON_TOKEN: 't' },
  }).split('\u0001');
  return { args: args.split('\0').slice(0, -1), input };
}

describe('a word', () => {
  test.each(HOSTILE)('%j comes through a shell as it is', (text) => {
    expect(argumentsIn(`try ${shellWord(text)}`, 'try').args).toEqual([text]);
  });

  test('needs no quotes where it is plain', () => {
    expect([shellWord('seven-step@1.0.0'), shellWord('usd=5,tokens=7'), shellWord('')]).toEqual([
      ...['seven-step@1.0.0', 'usd=5,tokens=7', "''"],
    ]);
  });
});

const SHELLS = ['sh', 'bash'].filter((shell) => {
  try {
    execFileSync(shell, ['-c', ':']);
    return true;
  } catch {
    return false;
  }
});

/** What a script writes. Without an input of its own: where that is a socket, bash reads the settings of whoever runs this. */
const heard = (shell: string, script: string): string =>
  execFileSync(shell, ['-c', script], {
    encoding: 'utf8',
    env: { PATH: process.env.PATH ?? '', HOME: '/home/of-nobody' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });

describe.each(SHELLS)('any words, in %s', (shell) => {
  /** A NUL can be in no word, and half a pair of surrogates in no UTF-8. */
  const text = fc.oneof(
    fc.string({ unit: 'grapheme', maxLength: 40 }),
    fc.string({ unit: fc.constantFrom(...`'"\\$\`!(){}[]<>|&;*?~#=%\n\r\t -ax`), maxLength: 40 }),
  );

  test('come through as they are', () => {
    fc.assert(
      fc.property(fc.array(text, { minLength: 1, maxLength: 40 }), (words) => {
        const meant = words.map((word) => word.replaceAll('\0', ''));
        const said = heard(shell, `printf '%s\\0' ${words.map(shellWord).join(' ')}`);
        expect(said.split('\0').slice(0, -1)).toEqual(meant);
      }),
      { numRuns: 25 },
    );
  });

  test('are nothing but the input, however the command is made', () => {
    fc.assert(
      fc.property(text, text, (data, label) => {
        const body = { workflow: 'report', input: { data, again: data.repeat(40) }, labels: { team: label } };
        const script = `baton() { cat; printf '\\1'; printf '%s\\0' "$@"; }\n${batonCommand(body)}\n`;
        const [below = '', said = ''] = heard(shell, script).split('\u0001');
        const args = said.split('\0').slice(0, -1);
        const given = args[args.indexOf('--input') + 1];
        expect(JSON.parse(given === '@-' ? below : (given ?? ''))).toEqual(body.input);
        expect(args.at(-1)).toBe(`team=${label}`.replaceAll('\0', ''));
      }),
      { numRuns: 25 },
    );
  });
});

describe('the commands', () => {
  test.each(HOSTILE)('carry an input with %j as it is', (text) => {
    const body = { workflow: 'report', input: { data: text }, labels: { team: text }, by: { Draft: 'human' as const } };
    const curl = argumentsIn(curlCommand(body, 'k-1'), 'curl');
    const sent = curl.args.at(-1) === '@-' ? curl.input : (curl.args.at(-1) ?? '');
    expect(JSON.parse(sent)).toEqual(body);
    expect(curl.args).toEqual(expect.arrayContaining(['http://x/v1/runs', 'Idempotency-Key: k-1']));
    const { args, input } = argumentsIn(batonCommand(body), 'baton');
    const given = args[args.indexOf('--input') + 1] ?? '';
    expect(JSON.parse(given === '@-' ? input : given)).toEqual(body.input);
    expect(args.slice(-4)).toEqual(['--label', `team=${text}`, '--by', 'Draft=human']);
  });

  test('say all that is submitted', () => {
    const body = {
      ...{ workflow: 'seven-step@1.0.0', input: {}, decisions: { mode: 'hybrid' as const }, priority: 0 },
      ...{
        budget: { usd: 5, wallClock: 'PT2H' },
        agents: { model: 'm 1', templates: { mood: 'kind' }, mcpServers: [] },
      },
    };
    expect(batonCommand(body).split(' \\\n  ')).toEqual([
      'baton run submit --workflow seven-step@1.0.0',
      "--input '{}'",
      '--mode hybrid',
      '--budget usd=5,wallClock=PT2H',
      '--priority 0',
      "--model 'm 1'",
      '--template mood=kind',
      '--mcp-servers none',
    ]);
  });
});
