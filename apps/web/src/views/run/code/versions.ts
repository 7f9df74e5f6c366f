import { z } from 'zod';
import { type Finding, type ToolRun, toolRunsIn } from './tool-runs.js';

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
const Answer = z.object({ issueId: z.string().optional(), to: z.string().optional(), answer: z.string() });
const Plan = z.looseObject({ goal: z.string(), components: z.array(z.unknown()) });
const Made = z.object({ workspace: z.object({ tree: z.string() }) });
const CodeFile = z.object({ path: z.string(), content: z.string() });
const Succeeded = z.object({ commandId: z.string(), output: z.unknown() });

interface ReviewOf {
  readonly verdict: string;
  readonly summary: string;
  readonly scores: Readonly<Record<string, number>>;
}

export interface Version {
  /** `base`: what there was before the first of them, where somebody has looked at it. */
  readonly kind: 'base' | 'plan' | 'code';
  /** From 1, of its kind. */
  readonly number: number;
  readonly at: string;
  readonly event: number;
  readonly by: string;
  /** The version of the workspace that it is; null where the run has none. */
  readonly tree: string | null;
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
      const tools = toolRunsIn(output, event.version);
      // What is validated is what was made last; before that, what the run began from.
      if (versions.length === 0 && tools !== null && tools.length > 0) versions.push(baseOf(event));
      const newest = versions.pop();
      if (newest !== undefined) versions.push(withFound(newest, output, tools));
      continue;
    }
    const before = versions.findLastIndex(({ kind }) => kind === made.kind);
    const old = versions[before];
    if (old !== undefined) versions[before] = answered(old, answersIn(output));
    versions.push({
      ...madeBy(event),
      ...made,
      number: (old?.number ?? 0) + 1,
      tree: Made.safeParse(output).data?.workspace.tree ?? null,
    });
  }
  return versions;
}

const madeBy = ({ recordedAt, version, actor }: LoggedEvent) => ({
  ...{ at: recordedAt, event: version, by: actor.id, findings: [], tools: [], reviews: [] },
});

const baseOf = (event: LoggedEvent): Version => ({
  ...madeBy(event),
  ...{ kind: 'base', number: 1, files: [], tree: null },
});

function madeIn(output: unknown): Pick<Version, 'kind' | 'files'> | null {
  const plan = Plan.safeParse(output);
  if (plan.success) {
    const { answers: _, ...content } = plan.data;
    return { kind: 'plan', files: [{ path: 'plan.json', content: `${JSON.stringify(content, null, 2)}\n` }] };
  }
  const code = z.object({ files: z.array(CodeFile) }).safeParse(output);
  if (!code.success) return null;
  // In a workspace a round may have taken files away alone.
  const { files } = code.data;
  return files.length > 0 || Made.safeParse(output).success ? { kind: 'code', files } : null;
}

function withFound(version: Version, output: unknown, tools: readonly ToolRun[] | null): Version {
  const review = Review.safeParse(output);
  if (review.success) {
    const { issues, verdict, summary, scores } = review.data;
    return {
      ...version,
      findings: [...version.findings, ...issues.flatMap((issue) => findingOf(issue))],
      reviews: [...version.reviews, { verdict, summary, scores }],
    };
  }
  return tools === null ? version : { ...version, tools: [...version.tools, ...tools] };
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
