import type { Notice } from '#lib/server/auth/cookies.ts';
import type { Session } from '#lib/server/auth/session.ts';
import type { Who } from '#lib/ui/who.ts';

declare global {
  namespace App {
    interface Locals {
      /** shown on error pages and in the log */
      requestId: string;
      session: Session | null;
      /** why it could not be read */
      trouble: unknown;
    }
    /** the adapter's */
    interface Platform {
      req: import('node:http').IncomingMessage;
    }
    interface PageData {
      who?: Who | null;
      notice?: Notice | null;
    }
    interface Error {
      message: string;
      requestId?: string;
      /** the page is for an organisation's administrators: whose, and their names where they are known */
      reserved?: { organisation: string; administrators: string[] };
    }
  }
}
