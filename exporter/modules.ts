/** The kinds of targets, as they stand in `/probe?module=` and in the label `job`. */
export const moduleNames = ['host', 'site', 'bot', 'job'] as const;

/** The name of a kind of target. */
export type ModuleName = (typeof moduleNames)[number];

/** Whether a text names one. */
export function isModuleName(text: string): text is ModuleName {
  return moduleNames.some((name) => name === text);
}
