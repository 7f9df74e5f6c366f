/** Whether a client asks for server-sent events. */
export const wantsStream = (accept: string | undefined): boolean => /(^|[\s,])text\/event-stream\b/i.test(accept ?? '');
