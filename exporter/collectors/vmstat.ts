/** Returns a counter of /proc/vmstat, or undefined where this kernel does not have it. */
export function vmstatCounter(vmstat: string, name: string): number | undefined {
  const text = new RegExp(`^${name} (\\d+)$`, 'm').exec(vmstat)?.[1];
  return text === undefined ? undefined : Number(text);
}
