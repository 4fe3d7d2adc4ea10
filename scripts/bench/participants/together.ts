/** Programs that start at the same time: most of a small run is waiting for that. */

/** What has started is in `into` even when it rejects, so that it can be ended. */
export async function startTogether<Each>(
  starting: readonly Promise<Each>[],
  into: Each[],
): Promise<void> {
  for (const each of await Promise.allSettled(starting))
    if (each.status === 'fulfilled') into.push(each.value);
  await Promise.all(starting);
}
