import { type HandIn, JsonObject, WorkspaceInput, WorkspaceMade } from '@baton/contracts';
import { refusedHandIn, type TaskResult } from '@baton/worker';
import { type BlobStore, getTree } from '@baton/workspace';
import { z } from 'zod';
import { planProblems } from '../planner/plan.js';
import { answerReader, type SchemaChecks } from '../prompt/answer-schema.js';
import { DeliverableFile } from '../task/file-set.js';
import { type JudgedReview, jsonSchemaOf, modelOutputs, Plan, Review, ToolReport } from '../task/outputs.js';
import { describeIssues } from '../task/problems.js';
import { storeFiles } from '../workbench/store-files.js';
import { type LookAtHandIn, refusedFor } from './with-hand-ins.js';

export interface HandInPorts {
  readonly blobs: BlobStore;
  readonly schemas: SchemaChecks;
}

const NO_FILES = 'this step makes no files: hand in an output alone';

/** An output that has to fit a schema, and nothing else. */
function fitting<S extends z.ZodType>(
  schema: S,
  { output, workspace }: HandIn,
  check: (value: z.output<S>) => readonly string[] = () => [],
): { readonly ok: true; readonly value: z.output<S> } | { readonly ok: false; readonly refused: TaskResult } {
  if (workspace !== undefined) return { ok: false, refused: refusedFor([NO_FILES]) };
  const read = schema.safeParse(output);
  if (!read.success) return { ok: false, refused: refusedFor(describeIssues(read.error)) };
  const problems = check(read.data);
  return problems.length === 0 ? { ok: true, value: read.data } : { ok: false, refused: refusedFor(problems) };
}

export const lookAtPlan: LookAtHandIn = async (_, handIn) => {
  const read = fitting(Plan, handIn, planProblems);
  return read.ok ? { ok: true, output: read.value } : read.refused;
};

export const lookAtAdvice: LookAtHandIn = async (_, handIn) => {
  const read = fitting(modelOutputs.Advice, handIn);
  return read.ok ? { ok: true, output: JsonObject.parse(read.value) } : read.refused;
};

const Judged = z.object({
  files: z.array(DeliverableFile).default([]),
  workspace: WorkspaceMade.nullish(),
  template: z.string().default('by hand'),
});

/** A review, or what somebody saw who ran the checks. Which version that was says the task, and not who ran them. */
export const lookAtReview =
  ({ blobs }: HandInPorts): LookAtHandIn =>
  async (args, handIn) => {
    const about = Judged.safeParse(args);
    if (!about.success) return refusedHandIn('The arguments of this step do not say what was to be judged: reject it.');
    const { files, workspace, template } = about.data;
    if (args.tools === true) {
      const read = fitting(ToolReport, handIn, toolProblems);
      if (!read.ok) return read.refused;
      return { ok: true, output: { ...read.value, tree: workspace?.tree ?? (await storeFiles(files, blobs)) } };
    }
    if (args.job !== undefined || args.table !== undefined) {
      return refusedHandIn('What a program wrote is read from its files, and cannot be handed in: reject this.');
    }
    const read = fitting(Review, handIn);
    if (!read.ok) return read.refused;
    const judgedBy = { template, version: 'by hand', variant: 'by hand', sha256: '', model: handIn.by };
    const review: JudgedReview = { ...read.value, judgedBy };
    return { ok: true, output: review };
  };

/** A report that contradicts itself would let through what failed. */
function toolProblems({ passed, tools, failing, notRun }: ToolReport): readonly string[] {
  if (!passed) return [];
  const failed = new Set([...failing, ...tools.flatMap(({ tool, status }) => (status === 'failed' ? [tool] : []))]);
  return [
    ...[...failed].map((tool) => `passed: ${tool} failed`),
    ...notRun.map((tool) => `passed: ${tool} was not run`),
    ...(tools.some(({ status }) => status !== 'left-out') ? [] : ['passed: no tool ran']),
  ];
}

const Asked = z.object({
  output: JsonObject.optional(),
  tools: z.unknown().optional(),
  workspace: WorkspaceInput.nullish(),
});

/** An answer in the shape that the task names. Where it has tools, the workflow waits for an answer, and for what was made. */
export const lookAtAnswer =
  ({ schemas, blobs }: HandInPorts): LookAtHandIn =>
  async (args, { output, workspace }) => {
    const asked = Asked.safeParse(args);
    if (!asked.success) return refusedHandIn('The arguments of this step do not say what the answer is: reject it.');
    const { output: schema = jsonSchemaOf('Text'), tools, workspace: given } = asked.data;
    if (workspace !== undefined && (tools === undefined || given == null)) return refusedFor([NO_FILES]);
    const reader = await answerReader(schema, schemas);
    if (!reader.ok) return refusedHandIn(`The schema of this step is none: ${reader.problem}. Reject it.`);
    if (output === undefined) return refusedFor(['there is no output']);
    const read = await reader.read(JSON.stringify(output));
    if (!read.ok) return refusedFor(read.problems);
    if (tools === undefined) return { ok: true, output: read.value };
    const made = workspace === undefined ? null : await madeOf(workspace.tree, given?.tree, blobs);
    return { ok: true, output: { status: 'answered', answer: read.value, calls: [], conversation: null, made } };
  };

async function madeOf(tree: string, base: string | undefined, store: BlobStore): Promise<WorkspaceMade | null> {
  await getTree(store, tree);
  return base === undefined ? null : { base, tree };
}
