/** The module of the threads that evaluate expressions and check values. Compiled, also for whoever runs from the sources. */
export const THREAD_ENTRY: string = new URL('../dist/thread.js', import.meta.url).href;
