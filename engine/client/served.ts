import { DomainError } from '../domain/errors.ts';
import { Unread } from '../redis/reads.ts';

/** A reader comes again later, as a writer does: a failover or a moving slot is no fault of this hub's. */
export async function served<T>(reading: Promise<T>): Promise<T> {
  try {
    return await reading;
  } catch (error) {
    if (!(error instanceof Unread)) throw error;
    throw Object.assign(new DomainError('busy'), { cause: error });
  }
}
