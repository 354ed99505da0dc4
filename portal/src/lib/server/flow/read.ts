/** The business flow of a case: its XML or JSON files, read into French labels. */
import { readStart } from '#lib/server/hub/files.ts';
import type { Attachment, Case } from '#lib/server/hub/types.ts';
import { parseJson } from './json.ts';
import { type Section, sectionsOf } from './sections.ts';
import { parseXml, Unreadable } from './xml.ts';

export interface Flow {
  file: string;
  sections: Section[];
  problem: 'unreadable' | 'truncated' | null;
}

/** A longer one is data for a machine: the agent downloads it. Bytes. */
const MOST_BYTES = 1_000_000;
/** What one page shows. */
const MOST_FLOWS = 4;
const MOST_FACTS = 400;
const FORMATS = ['application/xml', 'text/xml', 'application/json'];

export async function readFlows(token: string, one: Case): Promise<Flow[]> {
  const found = one.attachments.filter(({ mimeType, status }) => FORMATS.includes(mimeType) && status === 'RECEIVED');
  const flows = await Promise.all(found.slice(0, MOST_FLOWS).map((attachment) => readOne(token, one.id, attachment)));
  return distinct(flows);
}

async function readOne(token: string, caseId: string, attachment: Attachment): Promise<Flow> {
  const { fileName: file, mimeType, id: attachmentId } = attachment;
  try {
    const { bytes, more } = await readStart(token, { caseId, attachmentId }, MOST_BYTES);
    if (more) return { file, sections: [], problem: 'unreadable' };
    return flowOf(file, mimeType, bytes);
  } catch {
    return { file, sections: [], problem: 'unreadable' };
  }
}

export function flowOf(file: string, mimeType: string, bytes: Uint8Array): Flow {
  try {
    const text = textOf(bytes);
    const sections = sectionsOf(mimeType === 'application/json' ? parseJson(text) : parseXml(text));
    const { kept, cut } = bounded(sections);
    return { file, sections: kept, problem: cut ? 'truncated' : null };
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    return { file, sections: [], problem: 'unreadable' };
  }
}

/** UTF-8, or what an XML declaration says: the field still has Latin-1. */
function textOf(bytes: Uint8Array): string {
  const head = Buffer.from(bytes.subarray(0, 100)).toString('latin1');
  const said = /^<\?xml[^>]*encoding=["']([\w-]+)["']/.exec(head)?.[1]?.toLowerCase() ?? 'utf-8';
  try {
    return new TextDecoder(said, { fatal: true }).decode(bytes);
  } catch {
    throw new Unreadable(`not ${said}`);
  }
}

function bounded(sections: Section[]): { kept: Section[]; cut: boolean } {
  let left = MOST_FACTS;
  const kept: Section[] = [];
  for (const section of sections) {
    if (left <= 0) return { kept, cut: true };
    kept.push({ ...section, facts: section.facts.slice(0, left) });
    left -= section.facts.length;
  }
  return { kept, cut: left < 0 };
}

/** The same data sent as XML and as JSON, or again inside another file, is shown once. */
function distinct(flows: Flow[]): Flow[] {
  const seen = new Set<string>();
  return flows.filter(({ sections, problem }) => {
    if (problem === 'unreadable') return true;
    const values = sections.flatMap(({ facts }) => facts.map(({ value }) => value));
    const fresh = values.filter((value) => !seen.has(value));
    for (const value of values) seen.add(value);
    return fresh.length > 0 || values.length === 0;
  });
}
