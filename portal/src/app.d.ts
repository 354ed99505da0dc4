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
    interface PageData {
      who?: Who | null;
      notice?: string | null;
    }
    interface Error {
      message: string;
      requestId?: string;
    }
  }
}
