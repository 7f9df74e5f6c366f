/** Why items cannot be read, or results not written, in a sentence for people. */
export class ItemFailure extends Error {
  /**
   * @param isRetryable whether the same may work later: what is read may come, a server may be there again
   * @param passes whether that is likely within minutes, and nobody has to do anything for it
   */
  constructor(
    message: string,
    readonly isRetryable: boolean,
    readonly passes = false,
  ) {
    super(message);
    this.name = 'ItemFailure';
  }
}

/** What is read is not as it has to be: to read it again cannot help. */
export const unfit = (message: string): ItemFailure => new ItemFailure(message, false);

export const mayWorkLater = (message: string): ItemFailure => new ItemFailure(message, true);

/** A server is away, or has too much to do. */
export const mayPass = (message: string): ItemFailure => new ItemFailure(message, true, true);

/** What somebody else wrote, short enough and without line ends, for a sentence. */
export const quoted = (text: string): string => JSON.stringify(text.length > 200 ? `${text.slice(0, 200)}…` : text);
