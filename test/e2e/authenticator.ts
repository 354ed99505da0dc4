/** An authenticator of a page, by Chromium's own protocol: it answers as a telephone would whose owner agrees. */
import type { CDPSession, Page } from 'playwright-core';

export interface PageAuthenticator {
  /** whether its owner shows a finger, or types the code */
  verify(yes: boolean): Promise<void>;
  /** Credentials it holds. */
  count(): Promise<number>;
  remove(): Promise<void>;
}

/** @param transport another one for each authenticator of a page */
export async function addAuthenticator(
  page: Page,
  transport: 'internal' | 'usb' = 'internal',
  session?: CDPSession,
): Promise<PageAuthenticator & { session: CDPSession }> {
  const cdp = session ?? (await page.context().newCDPSession(page));
  if (!session) await cdp.send('WebAuthn.enable');
  const { authenticatorId } = await cdp.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport,
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  });
  return {
    session: cdp,
    verify: async (isUserVerified) => {
      await cdp.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified });
    },
    count: async () => (await cdp.send('WebAuthn.getCredentials', { authenticatorId })).credentials.length,
    remove: async () => {
      await cdp.send('WebAuthn.removeVirtualAuthenticator', { authenticatorId });
    },
  };
}
