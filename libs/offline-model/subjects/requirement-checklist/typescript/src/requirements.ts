/** How strongly the text asks: by its own words where it has them, else `unstated`. */
export type Force = 'must' | 'should' | 'may' | 'unstated';

export interface Requirement {
  readonly id: string;
  /** The heading of the text it stands under. */
  readonly section: string;
  readonly text: string;
  readonly force: Force;
}

// [baton:title]
export const title = 'A sample text';
// [/baton]

/** What the text asks for, in its order and its words. */
// [baton:requirements]
export const requirements: readonly Requirement[] = [
  { id: 'R1', section: 'A sample text', text: 'It must start within a second.', force: 'must' },
  { id: 'R2', section: 'A sample text', text: 'It may be blue.', force: 'may' },
];
// [/baton]
