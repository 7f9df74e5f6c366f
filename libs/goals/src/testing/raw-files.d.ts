/** A file as text, read by the test runner. */
declare module '*?raw' {
  const text: string;
  export default text;
}
