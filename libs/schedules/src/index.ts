/** When a schedule starts its runs. */
export {};
