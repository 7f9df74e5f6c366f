/**
 * What one process says to whoever listens at that moment. Nothing is kept: a word may be missed, so whoever waits for one
 * looks by himself, too.
 */
export interface Words {
  tell(topic: string, text: string): Promise<void>;
  /** Calls `take` with each word, until the function that it gives is called. */
  hear(topic: string, take: (text: string) => void): Promise<() => void>;
}
