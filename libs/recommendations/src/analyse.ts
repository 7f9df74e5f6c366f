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

/** Looks at the log of a database, in threads. */
export interface Analyst {
  /** @throws TooMuchToRead */
  recommend(asked: AskedWindow, signal: AbortSignal): Promise<RecommendationReport>;
  /** @throws TooMuchToRead */
  findPatterns(asked: AskedWindow, signal: AbortSignal): Promise<PatternReport>;
  close(): Promise<void>;
}

const THREAD_MEMORY_MB = 512;
/** To start a thread takes longer than most answers: who looks at one thing looks at the next. */
const IDLE_MS = 30_000;

/** @param threads how many questions are answered at once; others wait */
export function openAnalyst(url: string, threads: number): Analyst {
  const pool = new Piscina<AnalysisTask, unknown>({
    filename: ANALYSIS_THREAD,
    minThreads: 0,
    maxThreads: threads,
    concurrentTasksPerWorker: 1,
    idleTimeout: IDLE_MS,
    recordTiming: false,
    env: {},
    execArgv: [],
    resourceLimits: { maxOldGenerationSizeMb: THREAD_MEMORY_MB },
  });
  const ask = async (question: AnalysisTask['question'], asked: AskedWindow, signal: AbortSignal): Promise<unknown> => {
    const answer = await pool.run({ url, question, asked }, { signal });
    if (answer === 'too-much') throw new TooMuchToRead();
    return answer;
  };
  return {
    recommend: async (asked, signal) => RecommendationReport.parse(await ask('recommendations', asked, signal)),
    findPatterns: async (asked, signal) => PatternReport.parse(await ask('patterns', asked, signal)),
    close: () => pool.destroy(),
  };
}
