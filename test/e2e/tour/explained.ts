/** What axe cannot decide by itself, and why it is right as it is. Anything else it does not know fails the tour. */
interface Explained {
  rule: string;
  /** what axe says it stumbles over */
  reason: string;
  because: string;
}

const TABLE: readonly Explained[] = [
  {
    rule: 'color-contrast',
    reason: 'bgOverlap',
    because:
      'The bar for many cases lies over rows of a long list until they are scrolled; what is beneath it is not read, and the same colours are measured in the other rows.',
  },
  {
    rule: 'color-contrast',
    reason: 'elmPartiallyObscuring',
    because: 'The same bar, seen from itself: its ground is opaque, and measured where it lies over nothing.',
  },
];

export const explained = (rule: string, reasons: readonly string[]): boolean =>
  reasons.length > 0 && reasons.every((reason) => TABLE.some((row) => row.rule === rule && row.reason === reason));
