/** Waits for all, also where one fails, so that nothing goes on in the background; then throws the first failure. */
export async function allSettledOrThrow<Tasks extends readonly unknown[] | []>(
  tasks: Tasks,
): Promise<{ -readonly [Index in keyof Tasks]: Awaited<Tasks[Index]> }> {
  await Promise.allSettled(tasks);
  return Promise.all(tasks);
}
