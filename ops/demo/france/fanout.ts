/**
 * How many cases one folder makes in the démarches with several recipients. A change of address goes to some of the
 * thirty operators, to the commune left or entered, at times to both; a death to the commune where it happened and,
 * when it is another one, to that of the home (contract section 12).
 */
export const fanOut = {
  leastOperators: 2,
  mostOperators: 7,
  secondCommune: 0.5,
  otherHome: 0.6,
} as const;

/** Cases per folder to be expected, by the same figures. */
export const meanCases = {
  operators: (fanOut.leastOperators + fanOut.mostOperators) / 2,
  changeCommunes: 1 + fanOut.secondCommune,
  death: 1 + fanOut.otherHome,
} as const;
