import type { Recipient } from '../france/recipients.ts';
import type { Random } from '../random.ts';
import type { XmlText } from './xml.ts';
import { element, fields } from './xml.ts';

/** A person who does not exist: every family name says so. */
export interface Person {
  sex: 'F' | 'M';
  firstName: string;
  lastName: string;
  /** `YYYY-MM-DD`. */
  birthDate: string;
  birthPlace: string;
}

export interface Address {
  street: string;
  postalCode: string;
  town: string;
}

const women = [
  'Camille',
  'Jeanne',
  'Louise',
  'Inès',
  'Aïcha',
  'Chloé',
  'Élodie',
  'Fatou',
  'Mathilde',
  'Noémie',
  'Zoé',
  'Yasmine',
];
const men = ['Adrien', 'Bastien', 'Émile', 'Gaël', 'Hugo', 'Ibrahim', 'Léo', 'Maël', 'Noé', 'Rémi', 'Théo', 'Youssef'];
const roots = [
  'Lefèvre',
  'Martin',
  'Bernard',
  'Dubois',
  'Moreau',
  'Garnier',
  'Faure',
  'Le Goff',
  'N’Diaye',
  'D’Aubigné',
  'Nguyen',
  'Benali',
];
const marks = ['Exemple', 'Fictif', 'Spécimen', 'Essai', 'Démo', 'Imaginaire'];
const ways = ['rue', 'avenue', 'impasse', 'chemin', 'place'];
const signs = ['des Exemples', 'de la Fiction', 'du Spécimen', 'des Essais', 'de l’Imaginaire', 'des Deux-Brouillons'];

/** A person aged between two bounds, in whole years, on the given day. */
export function person(random: Random, on: Date, youngest = 18, oldest = 95, birthPlace = 'Exempleville'): Person {
  const sex = random.chance(0.5) ? 'F' : 'M';
  const firstName = random.pick(sex === 'F' ? women : men);
  const lastName = `${random.pick(roots)}-${random.pick(marks)}`;
  return { sex, firstName, lastName, birthDate: birthDate(random, on, youngest, oldest), birthPlace };
}

/** An address that does not exist, in the recipient's commune. */
export function address(random: Random, where: Recipient): Address {
  const street = `${random.between(1, 198)} ${random.pick(ways)} ${random.pick(signs)}`;
  return { street, postalCode: where.postalCode, town: placeName(where) };
}

/** `Rennes` for the recipient `Mairie – Rennes`. */
export function placeName(recipient: Recipient): string {
  return recipient.name.replace(/^(Mairie|Conseil départemental) – /, '');
}

/** `YYYY-MM-DD` of a day within the last `days` days. */
export function recentDay(random: Random, on: Date, days: number): string {
  return day(new Date(on.getTime() - random.between(0, days) * 86_400_000));
}

export function day(date: Date): string {
  return date.toISOString().slice(0, 10);
}

export function personXml(name: string, one: Person): XmlText {
  const { lastName: Nom, firstName: Prenom, sex: Sexe, birthDate: DateNaissance, birthPlace: LieuNaissance } = one;
  return element(name, fields({ Nom, Prenom, Sexe, DateNaissance, LieuNaissance }));
}

export function addressXml(name: string, one: Address): XmlText {
  return element(name, fields({ Voie: one.street, CodePostal: one.postalCode, Commune: one.town }));
}

export function personLines(one: Person): string[] {
  const born = one.sex === 'F' ? 'Née' : 'Né';
  return [`Nom : ${one.lastName}`, `Prénom : ${one.firstName}`, `${born} le ${one.birthDate} à ${one.birthPlace}`];
}

export function addressLine(one: Address): string {
  return `Adresse : ${one.street}, ${one.postalCode} ${one.town}`;
}

function birthDate(random: Random, on: Date, youngest: number, oldest: number): string {
  // One day more than the years asked keeps the age right whatever the number of leap days.
  const days = Math.ceil(random.between(youngest, oldest) * 365.25) + random.between(1, 364);
  return day(new Date(on.getTime() - days * 86_400_000));
}
