/** How a number looks that leads to what is behind it. */
export const LEADS = 'underline decoration-dotted decoration-quiet underline-offset-4 hover:text-accent';
