/** The digit that makes `digits` + digit pass the Luhn check (ISO/IEC 7812-1), as SIREN and SIRET numbers do. */
export function luhnKey(digits: string): string {
  return String((10 - (luhnSum(`${digits}0`) % 10)) % 10);
}

export function passesLuhn(number: string): boolean {
  return /^[0-9]+$/.test(number) && luhnSum(number) % 10 === 0;
}

/** SIRET of the head office, by the demo's rule: SIREN (9 digits), 0001, Luhn key. */
export function headOffice(siren: string): string {
  if (siren.length !== 9 || !passesLuhn(siren)) throw new Error(`not a SIREN: ${siren}`);
  return `${siren}0001${luhnKey(`${siren}0001`)}`;
}

function luhnSum(number: string): number {
  let sum = 0;
  for (let place = 0; place < number.length; place++) {
    const digit = Number(number[number.length - 1 - place]);
    const doubled = place % 2 === 0 ? digit : digit * 2;
    sum += doubled > 9 ? doubled - 9 : doubled;
  }
  return sum;
}
