/*
 * What stands in the sources about definitions, as text: a definition at the left margin, its members one step in, and the
 * comments above both. The formatter of the repository sees to it that all of them look so.
 */

interface Member {
  readonly comment: string;
  /** How it is written, in one line. */
  readonly expression: string;
}

export interface Block {
  readonly name: string;
  readonly comment: string;
  readonly members: ReadonlyMap<string, Member>;
  /** Definitions whose members it has, too: `Envelope.extend(…)`, `...WorkerEnv.shape`, `...aboutRun`. */
  readonly bases: readonly string[];
}

const START = /^(?:export )?const (\w+) =(.*)$/;
const BASES = /(\w+)\.extend\(|\.\.\.(\w+)(?:\.shape)?\b/g;
const MEMBER = /^ {2}'?([\w-]+)'?: (.*)$/;

const inLine = (lines: readonly string[]): string =>
  lines.join(' ').replaceAll(/\s+/g, ' ').replace(/,\s*$/, '').trim();

/** The text of a comment that ends in the line before `at`; empty where none does. */
function commentAbove(lines: readonly string[], at: number): string {
  if (!/\*\/\s*$/.test(lines[at - 1] ?? '')) return '';
  let first = at - 1;
  while (first > 0 && !/^\s*\/\*\*/.test(lines[first] ?? '')) first -= 1;
  const text = lines.slice(first, at).map((line) => line.replace(/^\s*(\/\*\*|\*\/|\*)/, '').replace(/\*\/\s*$/, ''));
  return inLine(text)
    .replaceAll(/\{@link (\S+?)\}/g, '$1')
    .replace(/ ?@\w+ .*$/, '');
}

/** The definitions of a file, by their names. */
export function blocksIn(text: string): ReadonlyMap<string, Block> {
  const lines = text.split('\n');
  const blocks = new Map<string, Block>();
  for (const [at, line] of lines.entries()) {
    const [, name, rest = ''] = START.exec(line) ?? [];
    if (name === undefined) continue;
    const length = lines.slice(at + 1).findIndex((each) => /^\S/.test(each));
    const body = /[({[]$/.test(rest) ? lines.slice(at + 1, at + 1 + Math.max(0, length)) : [];
    const bases = [rest, ...body.filter((each) => /^ {2}\.\.\.\w/.test(each))].flatMap((each) =>
      [...each.matchAll(BASES)].map((match) => match[1] ?? match[2] ?? ''),
    );
    blocks.set(name, { name, comment: commentAbove(lines, at), members: membersOf(body), bases });
  }
  return blocks;
}

function membersOf(body: readonly string[]): ReadonlyMap<string, Member> {
  const starts = body.flatMap((line, at) => (/^ {2}(\S)/.test(line) && MEMBER.test(line) ? [at] : []));
  return new Map(
    starts.map((at) => {
      const end = body.findIndex(
        (line, other) => other > at && /^ {2}[\w'./]/.test(line) && !/^ {2}\.[a-z]/.test(line),
      );
      const [, name = '', first = ''] = MEMBER.exec(body[at] ?? '') ?? [];
      const expression = inLine([first, ...body.slice(at + 1, end === -1 ? undefined : end)]);
      return [name, { comment: commentAbove(body, at), expression }];
    }),
  );
}

/** What is said of a member, there or in what the definition is made of. */
export function commentOf(blocks: ReadonlyMap<string, Block>, name: string, member: string): string {
  const block = blocks.get(name);
  if (block === undefined) return '';
  const own = block.members.get(member)?.comment ?? '';
  if (own !== '') return own;
  for (const base of block.bases) {
    const inherited = commentOf(blocks, base, member);
    if (inherited !== '') return inherited;
  }
  return '';
}
