/** The alerts that the campaign does not have fire, by the reason. Each has its promtool test. */
export const notOnTheLab: Readonly<Record<string, readonly string[]>> = {};
