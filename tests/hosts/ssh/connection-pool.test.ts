import { describe, expect, test } from '@jest/globals';
import { HostError } from '../../../hosts/host.ts';
import { createConnectionPool } from '../../../hosts/ssh/connection-pool.ts';
import type { SshConnection } from '../../../hosts/ssh/connection.ts';

/** A connection that nothing is asked of: what is tested is who gets it, and when. */
function idleConnection() {
  const state = { open: true };
  const connection: SshConnection = {
    execute: () => Promise.reject(new Error('nothing is run here')),
    isOpen: () => state.open,
    onLost: () => () => undefined,
    close: () => (state.open = false),
  };
  return { connection, state };
}

describe('the connection pool', () => {
  test('opens one connection for all who ask at once, and a new one after a loss', async () => {
    const opened: ReturnType<typeof idleConnection>[] = [];
    const pool = createConnectionPool(() => {
      opened.push(idleConnection());
      return Promise.resolve(opened.at(-1)?.connection as SshConnection);
    });
    const seen = await Promise.all([
      pool.use((it) => Promise.resolve(it)),
      pool.use((it) => Promise.resolve(it)),
    ]);
    expect(new Set(seen).size).toBe(1);
    if (opened[0] !== undefined) opened[0].state.open = false;
    expect(await pool.use((it) => Promise.resolve(it))).toBe(opened[1]?.connection);
    expect(opened).toHaveLength(2);
  });

  test('tries a host that did not answer again only a second later', async () => {
    let now = 0;
    let attempts = 0;
    const pool = createConnectionPool(
      () => {
        attempts += 1;
        return Promise.reject(new HostError('unreachable', 'nobody there'));
      },
      () => now,
    );
    const ask = () => pool.use(() => Promise.resolve());
    await expect(ask()).rejects.toThrow('nobody there');
    now = 999;
    await expect(ask()).rejects.toThrow('nobody there');
    expect(attempts).toBe(1);
    now = 1000;
    await expect(ask()).rejects.toThrow('nobody there');
    expect(attempts).toBe(2);
  });

  test('lets eight in at once, and the ninth when one is done', async () => {
    const pool = createConnectionPool(() => Promise.resolve(idleConnection().connection));
    const first = Promise.withResolvers<undefined>();
    const rest = Promise.withResolvers<undefined>();
    let inside = 0;
    const uses = [first, ...Array.from({ length: 8 }, () => rest)].map(({ promise }) =>
      pool.use(() => {
        inside += 1;
        return promise;
      }),
    );
    await turnsOfTheLoop();
    expect(inside).toBe(8);
    first.resolve(undefined);
    await turnsOfTheLoop();
    expect(inside).toBe(9);
    rest.resolve(undefined);
    await Promise.all(uses);
  });

  test('an abort ends the wait for a turn, and the place goes to the next', async () => {
    const pool = createConnectionPool(() => Promise.resolve(idleConnection().connection));
    const first = Promise.withResolvers<undefined>();
    const rest = Promise.withResolvers<undefined>();
    const uses = [first, ...Array.from({ length: 7 }, () => rest)].map(({ promise }) =>
      pool.use(() => promise),
    );
    const abort = new AbortController();
    const aborted = pool.use(() => Promise.resolve('ran'), abort.signal);
    const next = pool.use(() => Promise.resolve('ran'));
    abort.abort();
    await expect(aborted).rejects.toMatchObject({ code: 'aborted' });
    first.resolve(undefined);
    expect(await next).toBe('ran');
    rest.resolve(undefined);
    await Promise.all(uses);
  });

  test('an abort ends the wait for a connection that does not come', async () => {
    const pool = createConnectionPool(() => Promise.withResolvers<SshConnection>().promise);
    const abort = new AbortController();
    const aborted = pool.use(() => Promise.resolve(), abort.signal);
    abort.abort();
    await expect(aborted).rejects.toMatchObject({ code: 'aborted' });
  });

  test('opens nothing once it is closed, and closes what was opened meanwhile', async () => {
    const late = Promise.withResolvers<SshConnection>();
    const { connection, state } = idleConnection();
    const pool = createConnectionPool(() => late.promise);
    const use = pool.use(() => Promise.resolve());
    await turnsOfTheLoop();
    pool.close();
    late.resolve(connection);
    await use;
    expect(state.open).toBe(false);
    await expect(pool.use(() => Promise.resolve())).rejects.toMatchObject({ code: 'aborted' });
  });
});

/** Until everything that waits for nothing but promises has gone on. */
function turnsOfTheLoop(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
