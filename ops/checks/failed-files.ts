/** A reporter of node:test: the path of each file that failed, one a line, told when the run is over. */
interface Reported {
  type: string;
  data: { file?: string; name?: string };
}

// biome-ignore lint/style/noDefaultExport: node:test takes a reporter from there.
export default async function* failedFiles(events: AsyncIterable<Reported>): AsyncGenerator<string> {
  const files = new Set<string>();
  for await (const { type, data } of events) {
    // A file whose process ended is a test of its own, named by its path.
    const file = data.file ?? data.name;
    if (type === 'test:fail' && file !== undefined) files.add(file);
  }
  yield [...files].sort().join('\n');
}
