/** Makes a function that does its work at the first call, with that call's arguments, and gives that result to all. */
export function once<Args extends readonly unknown[], Value>(
  make: (...args: Args) => Promise<Value>,
): (...args: Args) => Promise<Value> {
  let made: Promise<Value> | undefined;
  return (...args) => (made ??= make(...args));
}
