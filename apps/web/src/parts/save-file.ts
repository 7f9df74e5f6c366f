/** Hands a file to whoever looks at the page. */
export function saveFile(parts: readonly string[], name: string, type: string): void {
  const url = URL.createObjectURL(new Blob([...parts], { type }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  // The browser has it by then; at once some of them have not.
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
