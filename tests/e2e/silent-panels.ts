/** Queries without data on the lab, by panel and legend, by the reason. One that has data must not stand here. */
export const silentPanels: Readonly<Record<string, readonly string[]>> = {
  'Only the machine beneath could show it: it needs a restart, or keeps no time by itself.': [
    'Command center / Waits for you / Restart {{instance}}',
    'Hosts / Waits for you / {{instance}} clock',
  ],
  'Only a fault of the stack itself shows it, which the tests of its alert play.': [
    'Steward itself / Messages that did not arrive / {{integration}}',
    'Steward itself / Series left out / {{collector}}',
  ],
  "The lab's site has no certificate; those of the tests of the collector http have one.": [
    'Sites / Certificate runs out in / {{instance}}',
  ],
};

/** Queries that have data or not, by what has just been, for the reason beside them. */
export const changingPanels: Readonly<Record<string, string>> = {
  'Hosts / Processor busy / {{instance}} taken by other machines':
    'Only where the machine beneath takes time away.',
  'Hosts / Swap in use / {{instance}}': 'Only where the machine has swap.',
  'Logs / PHP fatal errors by plugin or theme / {{instance}} {{slug}} ({{kind}})':
    'Only where PHP was asked in the moment that it was killed.',
  'Remediation / Blocked, failed or without policy: why / {{outcome}}: {{reason}}': 'As Runs by outcome.',
  'Remediation / Runs by outcome / {{outcome}}':
    'The first run of an outcome begins its counter, so that only the next one is an increase.',
  'Sites / Share of probes that failed / {{instance}} day': 'Recorded every four minutes.',
  'Steward itself / Targets that were not read / {{job}} {{instance}}':
    'A scrape that is late is shown, and nothing else.',
};
