import type { Message, Owed } from '../notify/message.ts';
import type { Prepared } from './sqlite-prepared.ts';

/** What people are owed, in the journal's database; each method runs inside a transaction that the caller opened. */
export class SqliteMessages {
  readonly #sql: Prepared;
  /** Until when what was taken is left to whoever has taken it, by a clock that nobody sets. The next process begins without it. */
  readonly #dueAtMs = new Map<string, number>();

  constructor(sql: Prepared) {
    this.#sql = sql;
  }

  owe({ message, once }: Owed, nowMs = Date.now()): void {
    if (once !== undefined && !this.#isFirst(once.subject, nowMs, once.againMs)) return;
    this.#sql('INSERT INTO messages (id, message) VALUES (?, ?)').run(message.id, JSON.stringify(message));
  }

  takeOwed(atMost: number, forMs: number): Message[] {
    const nowMs = performance.now();
    const taken: Message[] = [];
    for (const row of this.#sql('SELECT id, message FROM messages ORDER BY rowid').iterate()) {
      const id = row['id'] as string;
      if (nowMs < (this.#dueAtMs.get(id) ?? 0)) continue;
      this.#dueAtMs.set(id, nowMs + forMs);
      taken.push(JSON.parse(row['message'] as string) as Message);
      if (taken.length === atMost) break;
    }
    return taken;
  }

  putOff(messageId: string, forMs: number): void {
    this.#dueAtMs.set(messageId, performance.now() + forMs);
  }

  noteTold(messageId: string): void {
    this.#sql('DELETE FROM messages WHERE id = ?').run(messageId);
    this.#dueAtMs.delete(messageId);
  }

  countOwed(): number {
    return Number(this.#sql('SELECT count(*) AS count FROM messages').get()?.['count']);
  }

  /** A time that lies ahead was noted by a clock that was wrong. */
  #isFirst(subject: string, nowMs: number, againMs: number): boolean {
    const { changes } = this.#sql(
      `INSERT INTO told (subject, at_ms) VALUES (:subject, :now)
       ON CONFLICT (subject) DO UPDATE SET at_ms = :now WHERE at_ms <= :now - :again OR at_ms > :now`,
    ).run({ subject, now: nowMs, again: againMs });
    return changes === 1;
  }
}
