/** Reads a form with files as it comes: texts are kept small, files go to the spool, one after the other. */
import { Readable } from 'node:stream';
import type { ReadableStream as NodeStream } from 'node:stream/web';
import { Busboy, type BusboyFileStream } from '@fastify/busboy';
import { Spooled } from './spool.ts';

export const MOST_FILES = 10;
const TEXT_BYTES = 40_000;
const MOST_TEXTS = 60;
/** A browser that says nothing for so long is gone. ms */
const SILENCE_MS = 60_000;

export interface Sent {
  name: string;
  /** the type the browser says it is */
  said: string;
  spooled: Spooled;
}

export interface Form {
  texts: [name: string, value: string][];
  files: Sent[];
  /** names of files that are over the size */
  large: string[];
  /** there were more files than are taken */
  many: boolean;
}

/** @param largest bytes of a file; undefined: files are thrown away @throws when the form breaks off; nothing is left then */
export async function receive(request: Request, largest: number | undefined): Promise<Form> {
  const form: Form = { texts: [], files: [], large: [], many: false };
  const writing: Promise<void>[] = [];
  /** by place in the form: they are written at once, and a small one is done before a large one */
  const places = new Map<Form['files'][number], number>();
  const type = request.headers.get('content-type') ?? '';
  const body = Readable.fromWeb(request.body as unknown as NodeStream<Uint8Array>);
  const parser = new Busboy({
    headers: { 'content-type': type },
    limits: { fileSize: (largest ?? 0) + 1, files: MOST_FILES, fields: MOST_TEXTS, fieldSize: TEXT_BYTES, parts: 100 },
  });
  const take = async (stream: BusboyFileStream, name: string, said: string, place: number): Promise<void> => {
    const spooled = await Spooled.from(stream);
    const isEmpty = name === '' && spooled.size === 0;
    if (!isEmpty && !stream.truncated && spooled.size <= largest!) {
      const file = { name, said, spooled };
      form.files.push(file);
      places.set(file, place);
      return;
    }
    if (!isEmpty) form.large.push(name);
    await spooled.close();
  };
  parser.on('field', (name, value) => form.texts.push([name, value]));
  parser.on('filesLimit', () => {
    form.many = true;
  });
  parser.on('file', (_field, stream, name, _encoding, said) => {
    // busboy says nothing of an input left empty but a file without a name.
    if (largest === undefined) stream.resume();
    else
      writing.push(take(stream, name ?? '', said, writing.length).catch((error: Error) => void parser.destroy(error)));
  });
  try {
    await piped(body, parser);
    await Promise.all(writing);
    form.files.sort((a, b) => places.get(a)! - places.get(b)!);
    return form;
  } catch (error) {
    await Promise.allSettled(writing);
    await closeAll(form);
    throw error;
  }
}

export const closeAll = async ({ files }: Pick<Form, 'files'>): Promise<void> => {
  await Promise.all(files.map(({ spooled }) => spooled.close()));
};

function piped(body: Readable, parser: InstanceType<typeof Busboy>): Promise<void> {
  return new Promise((resolve, reject) => {
    let silence = setTimeout(over, SILENCE_MS);
    function over(): void {
      parser.destroy(new Error('the form came to a halt'));
    }
    const end = (error?: Error): void => {
      clearTimeout(silence);
      body.unpipe(parser);
      if (error) {
        body.destroy();
        reject(error);
      } else resolve();
    };
    body.on('data', () => {
      clearTimeout(silence);
      silence = setTimeout(over, SILENCE_MS);
    });
    body.on('error', (error) => parser.destroy(error));
    parser.on('error', (error: unknown) => end(error instanceof Error ? error : new Error(String(error))));
    parser.on('finish', () => end());
    body.pipe(parser);
  });
}
