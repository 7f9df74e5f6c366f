/** The module of the threads that replay. Compiled, also for whoever runs from the sources. */
export const REPLAY_THREAD: string = new URL('../dist/thread.js', import.meta.url).href;
