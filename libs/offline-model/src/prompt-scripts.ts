import { type JsonObject, TerminalError } from '@baton/contracts';
import { z } from 'zod';
import { ComposeSteps, composeSteps } from './goals/compose-steps.js';
import { DescribeData, describeData } from './learning/describe-data.js';
import { PickFeatures, pickFeatures } from './learning/pick-features.js';
import { JudgeModel, judgeModel, WriteRelease, writeRelease } from './learning/release.js';
import { TrainModel, trainModel } from './learning/train-model.js';
import { WriteTrainer, writeTrainer, writeTrainerTests } from './learning/trainer.js';
import { AnswerQuestion, answerQuestion } from './research/answer-question.js';
import { SplitQuestion, splitQuestion } from './research/split-question.js';
import { Synthesize, synthesize } from './research/synthesize.js';
import { MakeSite, makeSite } from './website/site.js';
import { ReviewSite, reviewSite } from './website/site-review.js';
import { TestSite, testSite } from './website/site-tests.js';
import { Specify, specify } from './website/specification.js';

type Script = (variables: JsonObject, template: string) => object | Promise<object>;

/** What the offline model answers to the prompt templates of the workflows that ship; anything else gets excerpts. */
const SCRIPTS: Readonly<Record<string, Script>> = {
  build_website_product_manager: scripted(Specify, specify),
  build_website_tester: scripted(TestSite, testSite),
  build_website_coder: scripted(MakeSite, makeSite),
  build_website_programmer: scripted(MakeSite, makeSite),
  build_website_reviewer: scripted(ReviewSite, reviewSite),
  goal_compose: scripted(ComposeSteps, composeSteps),
  ml_pipeline_collect_data: scripted(DescribeData, describeData),
  ml_pipeline_engineer_features: scripted(PickFeatures, pickFeatures),
  ml_pipeline_tester: scripted(WriteTrainer, writeTrainerTests),
  ml_pipeline_programmer: scripted(WriteTrainer, writeTrainer),
  ml_pipeline_train_model: scripted(TrainModel, trainModel),
  ml_pipeline_validate_model: scripted(JudgeModel, judgeModel),
  ml_pipeline_deploy_model: scripted(WriteRelease, writeRelease),
  parallel_research_split_question: scripted(SplitQuestion, splitQuestion),
  parallel_research_answer_question: scripted(AnswerQuestion, answerQuestion),
  parallel_research_synthesize: scripted(Synthesize, synthesize),
};

/**
 * The scripted answer to a template of the prompt worker, or null where there is no script for it. Throws TerminalError
 * `offline-bad-variables` where the script cannot read what the template was filled with.
 */
export function scriptedAnswer(template: string, variables: JsonObject): object | Promise<object> | null {
  return Object.hasOwn(SCRIPTS, template) ? (SCRIPTS[template]?.(variables, template) ?? null) : null;
}

function scripted<T extends z.ZodType>(
  schema: T,
  answer: (variables: z.output<T>) => object | Promise<object>,
): Script {
  return (variables, template) => {
    const parsed = schema.safeParse(variables);
    if (parsed.success) return answer(parsed.data);
    throw new TerminalError(`The offline model cannot answer ${template}: ${z.prettifyError(parsed.error)}`, {
      code: 'offline-bad-variables',
      next: 'Give the template the variables of the workflow it ships with, or set ANTHROPIC_API_KEY.',
      cause: parsed.error,
    });
  };
}
