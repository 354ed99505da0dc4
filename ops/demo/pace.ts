/** Folders of the first load: a day or two of the whole country's traffic in about a minute. */
export const loadFolders = 20_000;

/** Folders in deposit at once during the load, each with one call at a time: the hub syncs what comes together at once. */
export const loadWidth = 192;

/** Folders a second after the load: some thirty times the country's mean, so that there is something to see. */
export const foldersPerSecond = 5;

/** Folders in deposit at once after the load; beyond, the flow waits: the hub is slow. */
export const flowWidth = 16;

/** Software that reads at once, during the load and after it. */
export const softwareWidthLoad = 6;
export const softwareWidth = 12;

/** Cases being finished by agents at once. */
export const deskWidth = 6;

/** The busiest mailboxes are read often, the quiet ones seldom; the last tier takes all the others. */
export const softwareTiers = [
  { mailboxes: 300, everySeconds: 5 },
  { mailboxes: 3_000, everySeconds: 30 },
  { mailboxes: Number.POSITIVE_INFINITY, everySeconds: 300 },
] as const;

/** Seconds between two readings of a sender's notifications. */
export const officeSeconds = 1;

/** Seconds between two states of the live line, between two errors told, and between two savings of the actors' memory. */
export const statusSeconds = 2;
export const errorSeconds = 10;
export const memorySeconds = 15;
