/** Numbers as they are written in French. */
const NO_BREAK = '\u00a0';
const one = new Intl.NumberFormat('fr-FR', { maximumFractionDigits: 1 });

/** `3,2 Mo`. */
export function size(bytes: number): string {
  if (bytes < 1000) return `${bytes}${NO_BREAK}octets`;
  const units = ['ko', 'Mo', 'Go'];
  let value = bytes / 1000;
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${one.format(value)}${NO_BREAK}${units[unit]}`;
}

/** `123 456 789 00012`. */
export const siret = (digits: string): string =>
  digits.replace(/^(\d{3})(\d{3})(\d{3})(\d{5})$/, `$1${NO_BREAK}$2${NO_BREAK}$3${NO_BREAK}$4`);
