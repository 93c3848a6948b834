-- What people are owed: written with what it tells of, and removed once a receiver has taken it.
CREATE TABLE messages (
  number BIGINT GENERATED ALWAYS AS IDENTITY,
  id TEXT PRIMARY KEY,
  message TEXT NOT NULL,
  -- By this database's clock: until then it is left to the replica that has taken it.
  due_at TIMESTAMPTZ NOT NULL DEFAULT clock_timestamp()
);
