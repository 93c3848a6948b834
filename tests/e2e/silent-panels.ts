/** Panels without data on the lab, with the queries that have none, by the reason. A query that has data must not stand here. */
export const silentPanels: Readonly<Record<string, readonly string[]>> = {
  "The lab's bot has lost nothing, closes no trade and has no log.": [
    'Bots / Drawdown / A',
    'Bots / Open trades / A',
    'Command center / Drawdown / A',
    'Logs / Events of bots / A B',
    'Logs / Growth / B',
    'Logs / Lines not counted / B',
    'Logs / Messages of bots / A B',
    'Logs / Readable / B',
    'Logs / Size / B',
    'One bot / Drawdown / A',
    'One bot / Errors and warnings / A B',
    'One bot / State / C',
    'One bot / Trades closed, by why / A',
  ],
  "The lab's bot is a Freqtrade.": [
    'Bots / Drawdown of other bots / A',
    'Bots / Equity of other bots / A',
    'Bots / Positions, trades and errors of other bots / A B C',
    'Bots / Profit of other bots / A B',
  ],
  "The lab's site has one post, which is published.": [
    'Command center / Scheduled posts last for / A',
    'Content / Left lying for / B',
    'Content / Next post in / A',
    'Content / Scheduled posts last for / A',
  ],
  'Only what is wrong, or waits for somebody, is shown.': [
    'Command center / Waits for you / B C D E',
    'Hosts / Waits for you / B',
    'Site security and integrity / Files that are not as in the baseline / A',
    'Site security and integrity / Files that are not as they should be / A B C',
    'Site security and integrity / Files that differ from wordpress.org / A',
    'Site security and integrity / Suspicious files / A',
    'Steward itself / Messages that did not arrive / A',
    'Steward itself / Series left out / A',
  ],
  "The lab's jobs have not reported in.": [
    'Jobs and automations / Duration / A',
    'Jobs and automations / Items waiting / A',
    'Jobs and automations / Since a stage succeeded / A',
    'Jobs and automations / Since the last success / A',
  ],
  "The lab's WordPress asks nobody for updates, and has not looked at its Site Health.": [
    'Site security and integrity / Plugins and themes with an update / A',
    'Site security and integrity / Since WordPress asked for updates / A',
    'Site security and integrity / Site Health / A',
    'Site security and integrity / Updates of WordPress / A',
    'Site security and integrity / Updates of plugins and themes / A',
  ],
  "The lab's site has no certificate, and no text that is expected on it.": [
    'Sites / Certificate runs out in / A',
    'Sites / What stands in the way / E F',
  ],
};

/** Those that have data or not, by what has just been, for the reason beside them. */
export const changingPanels: Readonly<Record<string, string>> = {
  'Hosts / Processor busy / B': 'Only where the machine beneath takes time away.',
  'Hosts / Swap in use / A': 'Only where the machine has swap.',
  'Logs / PHP fatal errors by plugin or theme / A':
    'Only where PHP was asked in the moment that it was killed.',
  'Remediation / Blocked, failed or without policy: why / A': 'As Runs by outcome.',
  'Remediation / Runs by outcome / A':
    'The first run of an outcome begins its counter, so that only the next one is an increase.',
  'Sites / Share of probes that failed / B': 'Recorded every four minutes.',
  'Steward itself / Targets that were not read / A': 'A scrape that is late is shown, and nothing else.',
};
