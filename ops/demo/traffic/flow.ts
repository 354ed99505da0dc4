import type { Demarche } from '../france/demarche.ts';
import { fanOut } from '../france/fanout.ts';
import type { France, Recipient } from '../france/recipients.ts';
import { subscribersOf } from '../france/subscriptions.ts';
import type { Random } from '../random.ts';
import { Wheel } from '../wheel.ts';

/** A démarche and the recipients of one folder, in the order of its cases. */
export interface Drawn {
  demarche: Demarche;
  recipients: Recipient[];
}

/**
 * Draws who deposits what for whom: démarches by their yearly volume, recipients by population. With a month (1 to 12),
 * only what is open in that month, at its pace of that month; without, the mix of a whole year.
 */
export class Flow {
  readonly #wheel: Wheel<Demarche>;
  readonly #addressees: ReadonlyMap<Demarche, (random: Random) => Recipient[]>;

  constructor(demarches: readonly Demarche[], france: France, month?: number) {
    this.#wheel = new Wheel(demarches, (demarche) => volume(demarche, month));
    this.#addressees = new Map(demarches.map((demarche) => [demarche, addressees(demarche, france)]));
  }

  draw(random: Random): Drawn {
    const demarche = this.#wheel.draw(random);
    return { demarche, recipients: this.recipientsOf(demarche, random) };
  }

  recipientsOf(demarche: Demarche, random: Random): Recipient[] {
    const draw = this.#addressees.get(demarche);
    if (!draw) throw new Error(`unknown démarche ${demarche.code}`);
    return draw(random);
  }
}

function volume({ yearly, months }: Demarche, month: number | undefined): number {
  if (month === undefined) return yearly;
  if (!months) return yearly / 12;
  return months.includes(month) ? yearly / months.length : 0;
}

function addressees(demarche: Demarche, france: France): (random: Random) => Recipient[] {
  const subscribers = subscribersOf(demarche, france);
  const wheel = new Wheel(subscribers, (one) => one.population);
  if (demarche.code === 'CERTDC') {
    return (random) => several(wheel, random, random.chance(fanOut.otherHome) ? 2 : 1);
  }
  if (demarche.code !== 'JeChangeDeCoordonnees') return (random) => [wheel.draw(random)];
  const byKind = Object.groupBy(subscribers, (one) => one.kind);
  const operators = new Wheel(byKind.operator ?? [], (one) => one.population);
  const communes = new Wheel(byKind.commune ?? [], (one) => one.population);
  return (random) => [
    ...several(operators, random, random.between(fanOut.leastOperators, fanOut.mostOperators)),
    ...several(communes, random, random.chance(fanOut.secondCommune) ? 2 : 1),
  ];
}

function several(wheel: Wheel<Recipient>, random: Random, count: number): Recipient[] {
  const drawn = new Set<Recipient>();
  while (drawn.size < count) drawn.add(wheel.draw(random));
  return [...drawn];
}
