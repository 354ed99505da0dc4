/** A tree of data as sections of labelled values: what an agent reads, and copies. */
import { day } from '#lib/format/date.ts';
import { fieldLabels, fieldValues } from '#lib/text/fields.ts';
import type { Node } from './xml.ts';

export interface Section {
  title: string;
  facts: { label: string; value: string }[];
}

/** Attributes that speak of the file, not of the request. */
const TECHNICAL = ['version', 'schemaLocation', 'schemaVersion', 'lang'];
const DATE = /^\d{4}-\d{2}-\d{2}$/;

export function sectionsOf(root: Node): Section[] {
  const sections: Section[] = [];
  collect(root, '', sections);
  return sections.filter(({ facts }) => facts.length > 0);
}

function collect(node: Node, path: string, sections: Section[]): void {
  const title = [path, labelOf(node.name)].filter(Boolean).join(' — ');
  const section: Section = { title, facts: [] };
  sections.push(section);
  for (const { name, value } of node.attributes) if (!TECHNICAL.includes(name)) add(section, name, value);
  if (node.children.length === 0) add(section, node.name, node.text);
  for (const child of node.children) {
    if (child.children.length === 0) {
      const aside = child.attributes.map(({ name, value }) => `${labelOf(name)} ${value}`).join(', ');
      add(section, child.name, aside ? `${child.text.trim()} (${aside})` : child.text);
    } else {
      // The root's own name is the title of the whole: its children need not repeat it.
      collect(child, path === '' ? '' : title, sections);
    }
  }
}

function add({ facts }: Section, name: string, text: string): void {
  const value = text.trim();
  if (value) facts.push({ label: labelOf(name) || '—', value: shownValue(value) });
}

function shownValue(value: string): string {
  if (DATE.test(value)) return day(`${value}T12:00:00Z`);
  return fieldValues[value] ?? value;
}

/** `DateNaissance` → « Date de naissance »; an unknown `nomUsage` → « Nom usage ». */
export function labelOf(name: string): string {
  const known =
    fieldLabels[
      name
        .normalize('NFD')
        .replace(/[^A-Za-z0-9]/g, '')
        .toLowerCase()
    ];
  if (known !== undefined) return known;
  const words = name
    .replace(/[_\-.]+/g, ' ')
    .replace(/([a-zà-ÿ\d])([A-ZÀ-Ý])/g, '$1 $2')
    .replace(/([A-Z]+)([A-Z][a-z])/g, '$1 $2')
    .trim()
    .split(/\s+/)
    .map((word) => (/^[A-Z0-9]{2,}$/.test(word) ? word : word.toLowerCase()))
    .join(' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}
