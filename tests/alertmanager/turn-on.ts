/** What an operator writes into a configuration that is shipped, as docs/notifications.md says. */
export interface TurnedOn {
  /** The receiver by which people are told. */
  readonly people?: string;
  /** Whether the dead-man's switch is told. */
  readonly watchdog?: boolean;
}

/** Returns a shipped configuration with receivers turned on. */
export function turnOn(configuration: string, { people = 'nobody', watchdog = false }: TurnedOn): string {
  const byHand = configuration
    .replace(
      `matchers: ['alertname="Watchdog"']\n      receiver: nobody`,
      `matchers: ['alertname="Watchdog"']\n      receiver: ${watchdog ? 'watchdog' : 'nobody'}`,
    )
    .replace('    - receiver: nobody\n      routes:', `    - receiver: ${people}\n      routes:`);
  const isChanged = byHand !== configuration;
  if (isChanged !== (people !== 'nobody' || watchdog)) throw new Error('the routes are not as expected');
  return byHand;
}
