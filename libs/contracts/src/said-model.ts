/** What an agent says of itself where workers are listed: what it does, and by which model. */
export const withSaidModel = (description: string, model: string): string => `${description} Its model: ${model}.`;

/** The model that an agent said; null where it said none. */
export const saidModel = (description: string): string | null => / Its model: (.+)\.$/.exec(description)?.[1] ?? null;
