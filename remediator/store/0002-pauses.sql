-- The times when nothing is started by itself. The newest one counts; rows are only added and ended.
CREATE TABLE pauses (
  id INTEGER PRIMARY KEY,
  since TEXT NOT NULL,
  -- In milliseconds since the epoch; NULL where it lasts until somebody ends it.
  until_ms INTEGER,
  by TEXT NOT NULL,
  reason TEXT NOT NULL,
  ended_at TEXT,
  ended_by TEXT
) STRICT;
