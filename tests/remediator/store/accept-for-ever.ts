import { openSqliteJournal } from '../../../remediator/store/sqlite-journal.ts';
import { makeAlert } from '../alerts.ts';

/** Accepts one alert after the other into the journal that is named, and prints each run's id once it was answered. */
async function acceptForEver(file: string): Promise<void> {
  const journal = await openSqliteJournal(file, (error) => {
    throw error;
  });
  for (let count = 0; ; count += 1) {
    const fingerprint = count.toString(16);
    const ids = await journal.accept([makeAlert({}, { fingerprint })], new Date());
    process.stdout.write(`${ids.join('\n')}\n`);
  }
}

await acceptForEver(process.argv[2] ?? '');
