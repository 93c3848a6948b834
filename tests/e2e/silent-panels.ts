/** Queries without data on the lab, by panel and legend, by the reason. One that has data must not stand here. */
export const silentPanels: Readonly<Record<string, readonly string[]>> = {
  'Only the machine beneath could show it: it needs a restart, or keeps no time by itself.': [
    'Command center / Waits for you / Restart {{instance}}',
    'Hosts / Waits for you / {{instance}} clock',
    'Command center / the annotation Restarts of hosts',
    'Hosts / the annotation Restarts of hosts',
  ],
  'What is expected is known after a day at the earliest. The tests of the anomaly rules play weeks.': [
    'Anomalies / Outside of what is expected / {{instance}} {{anomaly}}',
    'Anomalies / Growth of the database in a day / {{instance}}',
    'Anomalies / Visits / {{instance}} at least',
    'Anomalies / Visits / {{instance}} at most',
    'Anomalies / Time of a probe / {{instance}} at least',
    'Anomalies / Time of a probe / {{instance}} at most',
    'Anomalies / Errors of the server / {{instance}} at least',
    'Anomalies / Errors of the server / {{instance}} at most',
    'Anomalies / PHP processes at work / {{instance}} at least',
    'Anomalies / PHP processes at work / {{instance}} at most',
    'Anomalies / Growth of the database in a day / {{instance}} at least',
    'Anomalies / Growth of the database in a day / {{instance}} at most',
    'Anomalies / Equity of bots / {{instance}} at least',
    'Anomalies / Equity of bots / {{instance}} at most',
  ],
  'Nothing is healed there: the faults of the lab are of a site and its host.': [
    'Bots / the annotation Runs',
    'Jobs and automations / the annotation Runs',
    'One bot / the annotation Runs',
  ],
  'No version changes on the lab; tests/grafana/update-marks.test.ts plays an update.': [
    'Anomalies / the annotation Updates',
    'Command center / the annotation Updates',
    'Content / the annotation Updates',
    'Logs / the annotation Updates',
    'Site security and integrity / the annotation Updates',
    'Sites / the annotation Updates',
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
  'Anomalies / Visits / {{instance}}': 'Recorded every five minutes.',
  'Anomalies / Time of a probe / {{instance}}': 'Recorded every five minutes.',
  'Anomalies / Errors of the server / {{instance}}': 'Recorded every five minutes.',
  'Anomalies / PHP processes at work / {{instance}}': 'Recorded every five minutes.',
  'Anomalies / Equity of bots / {{instance}}': 'Recorded every five minutes.',
  'Anomalies / Still learning / {{instance}} {{anomaly}}': 'Recorded every five minutes.',
  'Hosts / Swap in use / {{instance}}': 'Only where the machine has swap.',
  'Sites / Share of probes that failed / {{instance}} day': 'Recorded every four minutes.',
  'Steward itself / Targets that were not read / {{job}} {{instance}}':
    'A scrape that is late is shown, and nothing else.',
};
