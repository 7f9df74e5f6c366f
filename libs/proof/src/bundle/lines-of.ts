/** Lines that end with a line feed and nothing else: JSON may hold the other characters that count as line ends elsewhere. */
export async function* linesOf(chunks: AsyncIterable<Uint8Array> | null): AsyncGenerator<string> {
  let rest: Uint8Array[] = [];
  for await (const chunk of chunks ?? []) {
    let from = 0;
    for (let at = chunk.indexOf(0x0a, from); at >= 0; at = chunk.indexOf(0x0a, from)) {
      yield Buffer.concat([...rest, chunk.subarray(from, at)]).toString('utf8');
      rest = [];
      from = at + 1;
    }
    rest.push(chunk.subarray(from));
  }
  const last = Buffer.concat(rest).toString('utf8');
  if (last !== '') yield last;
}
