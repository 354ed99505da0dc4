/** Words of PromQL that are no metric. */
const WORDS = new Set(['and', 'or', 'unless', 'on', 'by', 'without', 'ignoring', 'offset', 'bool', 'group_left']);
const NAME = /(?<![\w.:$"])[a-zA-Z_][\w:]*(?![\w:]*\s*\()/g;

/** Names of metrics an expression of PromQL asks for. */
export function metricsOf(expr: string): string[] {
  const bare = expr
    .replace(/'[^']*'|"[^"]*"/g, '""')
    .replace(/\{[^}]*\}/g, '')
    .replace(/\[[^\]]*\]/g, '')
    .replace(/\b(by|on|without|ignoring|group_left)\s*\([^)]*\)/g, '')
    .replace(/\boffset\s+\w+/g, '');
  return [...new Set(bare.match(NAME) ?? [])].filter((word) => !WORDS.has(word));
}

/** The name under which a histogram's series is declared. */
export const declared = (name: string): string => name.replace(/_(?:bucket|count|sum)$/, '');
