import { randomUUID } from 'node:crypto';
import { progress, spread } from './measure.ts';
import { PROCESS, type Town } from './town.ts';
import { Wire } from './wire.ts';

/** Connections that fill the towns. */
const LANES = 64;
const CREATED = 201;
const FIRST = ['Hélène', 'Camille', 'Noël', 'Ada', 'Zoé', 'Marie', 'Jean', 'Inès', 'Loïc', 'Paul'];
const LAST = ['Leroux', 'Martin', 'Lefèvre', 'Exemple', 'Garçon', 'Bœuf', 'Dupont', 'Petit', 'Moreau'];
const of = (list: readonly string[], n: number): string => list[n % list.length] as string;

export interface Stock {
  url: string;
  /** the sender's */
  token: string;
  towns: readonly Town[];
  /** cases of each town, and of the first one */
  each: number;
  largest: number;
}

/** The business flow of a case, of a usual size: what an agent reads on its page. */
function flowOf(first: string, last: string, n: number): string {
  const facts = Array.from({ length: 24 }, (_, fact) => `<Donnee${fact}>valeur ${fact} de ${n}</Donnee${fact}>`);
  return `<?xml version="1.0" encoding="UTF-8"?><Demande><Demandeur><Nom>${last}</Nom><Prenom>${first}</Prenom><Courriel>demande@exemple.test</Courriel></Demandeur><Objet>${facts.join('')}</Objet></Demande>`;
}

function bodyOf(n: number, { identity }: Town): string {
  const [first, last] = [of(FIRST, n), `${of(LAST, Math.floor(n / 3))}${n % 97}`];
  const externalId = `BANC-STOCK-${String(n).padStart(13, '0')}`;
  const file = (fileName: string, mimeType: string, bytes: string) => ({
    ...{ fileName, type: 'document', mimeType, content: Buffer.from(bytes).toString('base64') },
  });
  return JSON.stringify({
    processCode: PROCESS,
    externalId,
    applicant: { firstName: first, lastName: last },
    cases: [{ externalId: `${externalId}-01`, recipient: identity }],
    attachments: [
      file('demande.xml', 'application/xml', flowOf(first, last, n)),
      file('pièce.pdf', 'application/pdf', `%PDF-1.4\n% ${n}\n`.padEnd(2_000)),
    ],
  });
}

/** Cases to begin with, by the native API. @returns ids of each town's */
export async function stock({ url, token, towns, each, largest }: Stock): Promise<Map<number, string[]>> {
  const answered = new Map<number, string[]>(towns.map((_, town) => [town, []]));
  const wires = await Promise.all(Array.from({ length: LANES }, () => Wire.open(url)));
  const free = [...wires];
  const total = largest + each * (towns.length - 1);
  const shown = progress('cases', total);
  let made = 0;
  await spread(total, LANES, async (n) => {
    const town = n < largest ? 0 : 1 + ((n - largest) % (towns.length - 1));
    const wire = free.pop() as Wire;
    const headers = `Authorization: Bearer ${token}\r\nContent-Type: application/json\r\nIdempotency-Key: ${randomUUID()}\r\n`;
    const { status, body } = await wire.send('POST', '/relais/v1/folders', headers, bodyOf(n, towns[town] as Town));
    free.push(wire);
    if (status !== CREATED) throw new Error(`deposit: ${status} ${body}`);
    const { cases } = JSON.parse(body.toString()) as { cases: [{ id: string }] };
    answered.get(town)?.push(cases[0].id);
    made += 1;
    shown(made);
  });
  for (const wire of wires) wire.close();
  return answered;
}
