/** Parts that live on pages without Kit's client. */
export type IslandName = 'copy' | 'countdown' | 'fresh' | 'keyboard' | 'live' | 'passkey' | 'selection' | 'session';
