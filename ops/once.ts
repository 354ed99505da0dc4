/** The life of a command that looks or acts once, and its exit code. */
import { complain } from './life.ts';

/**
 * Runs `main`. Exit codes: its number, which is 0 when all is done and 1 when something was refused or is wrong; 1 when it
 * throws, 2 for a wrong option or variable.
 */
export async function once(main: () => Promise<number>): Promise<void> {
  try {
    process.exitCode = await main();
  } catch (error) {
    process.exitCode = complain(error);
  }
}
