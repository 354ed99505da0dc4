/** JSON as the same tree as XML, within the same bounds. */
import { type Node, Unreadable } from './xml.ts';

const MOST_DEPTH = 32;
const MOST_NODES = 3_000;

export function parseJson(text: string): Node {
  let value: unknown;
  try {
    value = JSON.parse(text.replace(/^\ufeff/, ''));
  } catch {
    throw new Unreadable('not JSON');
  }
  const count = { nodes: 0 };
  return nodeOf('', value, 0, count);
}

function nodeOf(name: string, value: unknown, depth: number, count: { nodes: number }): Node {
  if (depth > MOST_DEPTH) throw new Unreadable('too deep');
  if (++count.nodes > MOST_NODES) throw new Unreadable('too many members');
  const node: Node = { name, attributes: [], children: [], text: '' };
  if (Array.isArray(value)) {
    node.children = value.map((one) => nodeOf(name, one, depth + 1, count));
  } else if (value !== null && typeof value === 'object') {
    node.children = Object.entries(value).map(([key, one]) => nodeOf(key, one, depth + 1, count));
  } else if (value !== null) {
    node.text = String(value);
  }
  return node;
}
