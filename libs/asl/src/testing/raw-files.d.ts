/** A file as text, read by the test runner: these libraries know no file system. */
declare module '*?raw' {
  const text: string;
  export default text;
}
