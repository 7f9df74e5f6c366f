/** The module of the thread that looks at the log. Compiled, also for whoever runs from the sources. */
export const ANALYSIS_THREAD: string = new URL('../dist/thread.js', import.meta.url).href;
