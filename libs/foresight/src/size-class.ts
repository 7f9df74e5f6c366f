/** The bounds between classes, in bytes of the input as JSON. */
const BOUNDS = [512, 4_096, 32_768, 262_144] as const;

/** How large an input is, in steps of eight: runs with inputs of one class are compared with each other. */
export const sizeClassOf = (bytes: number): number => BOUNDS.filter((bound) => bytes >= bound).length;

/** The size of an input, as its class is made of it. */
export const bytesOfInput = (input: unknown): number => new TextEncoder().encode(JSON.stringify(input) ?? '').length;
