/** The URL that a text holds, or null. As `URL.parse`, which Node has from 22 on: workers of users run on older ones. */
export const readUrl = (text: string): URL | null => (URL.canParse(text) ? new URL(text) : null);
