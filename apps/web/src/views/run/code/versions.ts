import { z } from 'zod';

/*
 * The plans and the code of a run, as its log has them: what each task handed in, and what was found in it until the next one.
 * Workers of anybody write this, so what does not have the form is no version, and no error.
 */

const Issue = z.object({
  id: z.string().catch(''),
  severity: z.string().catch(''),
  place: z.string().optional().catch(undefined),
  file: z.string().optional().catch(undefined),
  line: z.int().positive().optional().catch(undefined),
  problem: z.string(),
  fix: z.string().optional().catch(undefined),
});
const Review = z.object({
  issues: z.array(z.unknown()),
  summary: z.string().catch(''),
  verdict: z.string().catch(''),
  scores: z.record(z.string(), z.number()).catch({}),
});
const ToolFinding = z.object({
  file: z.string().nullish().catch(null),
  line: z.int().positive().nullish().catch(null),
  message: z.string(),
});
const Tool = z.object({
  tool: z.string(),
  status: z.string(),
  reason: z.string().nullish().catch(null),
  findings: z.array(z.unknown()).catch([]),
});
const Answer = z.object({ issueId: z.string().optional(), to: z.string().optional(), answer: z.string() });
const Plan = z.looseObject({ goal: z.string(), components: z.array(z.unknown()) });
const CodeFile = z.object({ path: z.string(), content: z.string() });
const Succeeded = z.object({ commandId: z.string(), output: z.unknown() });

export interface Finding {
  /** By which an answer names it: the id of an issue, or the name of a tool. */
  readonly id: string;
  readonly severity: string;
  readonly file: string | null;
  readonly line: number | null;
  readonly text: string;
  readonly answers: readonly string[];
}

interface ToolRun {
  readonly tool: string;
  readonly status: string;
  readonly reason: string | null;
  readonly findings: readonly Finding[];
}

interface ReviewOf {
  readonly verdict: string;
  readonly summary: string;
  readonly scores: Readonly<Record<string, number>>;
}

export interface Version {
  readonly kind: 'plan' | 'code';
  /** From 1, of its kind. */
  readonly number: number;
  readonly at: string;
  readonly event: number;
  readonly by: string;
  readonly files: readonly z.infer<typeof CodeFile>[];
  readonly findings: readonly Finding[];
  readonly tools: readonly ToolRun[];
  readonly reviews: readonly ReviewOf[];
}

export interface LoggedEvent {
  readonly version: number;
  readonly type: string;
  readonly recordedAt: string;
  readonly actor: { readonly id: string };
  readonly data: unknown;
}

/** All versions, in the order in which they came. */
export function versionsIn(events: readonly LoggedEvent[]): readonly Version[] {
  const versions: Version[] = [];
  for (const event of events) {
    if (event.type !== 'TaskSucceeded') continue;
    const parsed = Succeeded.safeParse(event.data);
    if (!parsed.success) continue;
    const { output } = parsed.data;
    const made = madeIn(output);
    if (made === null) {
      const found = versions.findLastIndex(({ kind }) => kind === kindLookedAt(versions));
      const newest = versions[found];
      if (newest !== undefined) versions[found] = withFound(newest, output);
      continue;
    }
    const before = versions.findLastIndex(({ kind }) => kind === made.kind);
    const old = versions[before];
    if (old !== undefined) versions[before] = answered(old, answersIn(output));
    versions.push({
      ...made,
      number: (old?.number ?? 0) + 1,
      at: event.recordedAt,
      event: event.version,
      by: event.actor.id,
      findings: [],
      tools: [],
      reviews: [],
    });
  }
  return versions;
}

/** What is validated is what was made last. */
const kindLookedAt = (versions: readonly Version[]): Version['kind'] | undefined => versions.at(-1)?.kind;

function madeIn(output: unknown): Pick<Version, 'kind' | 'files'> | null {
  const plan = Plan.safeParse(output);
  if (plan.success) {
    const { answers: _, ...content } = plan.data;
    return { kind: 'plan', files: [{ path: 'plan.json', content: `${JSON.stringify(content, null, 2)}\n` }] };
  }
  const code = z.object({ files: z.array(CodeFile).min(1) }).safeParse(output);
  return code.success ? { kind: 'code', files: code.data.files } : null;
}

function withFound(version: Version, output: unknown): Version {
  const review = Review.safeParse(output);
  if (review.success) {
    const { issues, verdict, summary, scores } = review.data;
    return {
      ...version,
      findings: [...version.findings, ...issues.flatMap((issue) => findingOf(issue))],
      reviews: [...version.reviews, { verdict, summary, scores }],
    };
  }
  const report = z.object({ tools: z.array(z.unknown()) }).safeParse(output);
  if (!report.success) return version;
  return { ...version, tools: [...version.tools, ...report.data.tools.flatMap((tool) => toolOf(tool))] };
}

/** `src/a.ts:12` and `src/a.ts line 12` are places in a file. */
const PLACE = /^(\S+?)(?::| line | \(line )(\d{1,7})\b/;

function findingOf(issue: unknown): readonly Finding[] {
  const parsed = Issue.safeParse(issue);
  if (!parsed.success) return [];
  const { id, severity, place = '', file, line, problem, fix } = parsed.data;
  const [, placed, number] = PLACE.exec(place) ?? [];
  return [
    {
      id,
      severity,
      file: file ?? placed ?? (place === '' ? null : place),
      line: line ?? (number === undefined ? null : Number(number)),
      text: fix === undefined ? problem : `${problem}\n${fix}`,
      answers: [],
    },
  ];
}

function toolOf(tool: unknown): readonly ToolRun[] {
  const parsed = Tool.safeParse(tool);
  if (!parsed.success) return [];
  const { tool: name, status, reason, findings } = parsed.data;
  return [
    {
      tool: name,
      status,
      reason: reason ?? null,
      findings: findings.flatMap((each) => {
        const found = ToolFinding.safeParse(each);
        if (!found.success) return [];
        const { file, line, message } = found.data;
        return [{ id: name, severity: 'tool', file: file ?? null, line: line ?? null, text: message, answers: [] }];
      }),
    },
  ];
}

/** What the next version says to what was found in the one before it, by what it names. */
function answersIn(output: unknown): ReadonlyMap<string, readonly string[]> {
  const list = z.object({ answers: z.array(z.unknown()) }).safeParse(output);
  const answers = new Map<string, readonly string[]>();
  for (const each of list.success ? list.data.answers : []) {
    const parsed = Answer.safeParse(each);
    const id = parsed.success ? (parsed.data.issueId ?? parsed.data.to) : undefined;
    if (parsed.success && id !== undefined) answers.set(id, [...(answers.get(id) ?? []), parsed.data.answer]);
  }
  return answers;
}

function answered(version: Version, answers: ReadonlyMap<string, readonly string[]>): Version {
  const told = (finding: Finding): Finding => ({ ...finding, answers: answers.get(finding.id) ?? [] });
  return {
    ...version,
    findings: version.findings.map(told),
    tools: version.tools.map((tool) => ({ ...tool, findings: tool.findings.map(told) })),
  };
}

/** All that was found in a version: by readers, and by tools. */
export const foundIn = ({ findings, tools }: Version): readonly Finding[] => [
  ...findings,
  ...tools.flatMap((tool) => tool.findings),
];

/** What was found in one file, by its lines; line 0 is for what names none. */
export function findingsByLine(findings: readonly Finding[], path: string): ReadonlyMap<number, readonly Finding[]> {
  const byLine = new Map<number, readonly Finding[]>();
  for (const finding of findings) {
    if (finding.file !== path) continue;
    const line = finding.line ?? 0;
    byLine.set(line, [...(byLine.get(line) ?? []), finding]);
  }
  return byLine;
}
