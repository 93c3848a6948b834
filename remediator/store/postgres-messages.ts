import type { Message, Owed } from '../notify/message.ts';
import type { Query } from './postgres-pool.ts';

/** What people are owed, in the journal's database; each is made to run in a transaction of its own. */
export class PostgresMessages {
  readonly #query: Query;

  constructor(query: Query) {
    this.#query = query;
  }

  async owe({ message, once }: Owed): Promise<void> {
    if (once !== undefined && !(await this.#isFirst(once.subject, once.againMs / 1000))) return;
    await this.#query('INSERT INTO messages (id, message) VALUES ($1, $2)', [
      message.id,
      JSON.stringify(message),
    ]);
  }

  /** Of two that ask at once, each gets others. */
  async takeOwed(atMost: number, forMs: number): Promise<Message[]> {
    const rows = await this.#query(
      `UPDATE messages SET due_at = clock_timestamp() + make_interval(secs => $2)
       WHERE id IN (
         SELECT id FROM messages WHERE due_at <= clock_timestamp() ORDER BY number LIMIT $1 FOR UPDATE SKIP LOCKED)
       RETURNING number, message`,
      [atMost, forMs / 1000],
    );
    const inOrder = rows.toSorted((one, other) => Number(one['number']) - Number(other['number']));
    return inOrder.map(({ message }) => JSON.parse(message as string) as Message);
  }

  async putOff(messageId: string, forMs: number): Promise<void> {
    await this.#query(
      'UPDATE messages SET due_at = clock_timestamp() + make_interval(secs => $2) WHERE id = $1',
      [messageId, forMs / 1000],
    );
  }

  async noteTold(messageId: string): Promise<void> {
    await this.#query('DELETE FROM messages WHERE id = $1', [messageId]);
  }

  async countOwed(): Promise<number> {
    const [row] = await this.#query('SELECT count(*) AS count FROM messages');
    return Number(row?.['count']);
  }

  /** Of two that ask at once, the second waits for the first, and finds what it wrote. Where it was told already nobody waits. */
  async #isFirst(subject: string, againSeconds: number): Promise<boolean> {
    const recent = await this.#query(
      'SELECT 1 FROM told WHERE subject = $1 AND at > clock_timestamp() - make_interval(secs => $2)',
      [subject, againSeconds],
    );
    if (recent.length > 0) return false;
    const rows = await this.#query(
      `INSERT INTO told (subject, at) VALUES ($1, clock_timestamp())
       ON CONFLICT (subject) DO UPDATE SET at = clock_timestamp()
       WHERE told.at <= clock_timestamp() - make_interval(secs => $2) RETURNING subject`,
      [subject, againSeconds],
    );
    return rows.length === 1;
  }
}
