/**
 * Puts a text where one pastes from.
 *
 * @returns whether that was allowed; a page that came without TLS from another machine has no clipboard
 */
export async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}
