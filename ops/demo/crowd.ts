/**
 * Does `work` for every item, at most `width` at a time, in order of start. Stops starting at the first failure or abort,
 * lets what runs come to its end, then throws the failure or the reason of the abort.
 */
export async function crowd<T>(
  items: Iterable<T>,
  width: number,
  work: (item: T) => Promise<void>,
  signal?: AbortSignal,
): Promise<void> {
  const left = items[Symbol.iterator]();
  let failure: { error: unknown } | undefined;
  const worker = async () => {
    while (!failure && !signal?.aborted) {
      const next = left.next();
      if (next.done) return;
      try {
        await work(next.value);
      } catch (error) {
        failure ??= { error };
      }
    }
  };
  await Promise.all(Array.from({ length: width }, worker));
  if (failure) throw failure.error;
  signal?.throwIfAborted();
}
