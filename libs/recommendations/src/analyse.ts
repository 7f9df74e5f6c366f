import { PatternReport, RecommendationReport } from '@baton/contracts';
import { Piscina } from 'piscina';
import { ANALYSIS_THREAD } from './thread-entry.js';
import { type AskedWindow, TooMuchToRead } from './window.js';

/** What a thread is asked. Everything in it crosses to the thread as it is. */
export interface AnalysisTask {
  /** Of the database. */
  readonly url: string;
  readonly question: 'recommendations' | 'patterns';
  readonly asked: AskedWindow;
}

const THREAD_MEMORY_MB = 512;

/** @throws TooMuchToRead */
export async function recommendInThread(url: string, asked: AskedWindow, signal: AbortSignal) {
  return RecommendationReport.parse(await inThread({ url, question: 'recommendations', asked }, signal));
}

/** @throws TooMuchToRead */
export async function patternsInThread(url: string, asked: AskedWindow, signal: AbortSignal) {
  return PatternReport.parse(await inThread({ url, question: 'patterns', asked }, signal));
}

/** A thread for one question: it is not asked often, and what it held goes with it. */
async function inThread(task: AnalysisTask, signal: AbortSignal): Promise<unknown> {
  const threads = new Piscina<AnalysisTask, unknown>({
    filename: ANALYSIS_THREAD,
    minThreads: 0,
    maxThreads: 1,
    recordTiming: false,
    env: {},
    execArgv: [],
    resourceLimits: { maxOldGenerationSizeMb: THREAD_MEMORY_MB },
  });
  try {
    const answer = await threads.run(task, { signal });
    if (answer === 'too-much') throw new TooMuchToRead();
    return answer;
  } finally {
    await threads.destroy();
  }
}
