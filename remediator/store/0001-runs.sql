-- One row for each run; an episode is a fingerprint and a startsAt, and has one run for each attempt.
CREATE TABLE runs (
  id TEXT PRIMARY KEY,
  fingerprint TEXT NOT NULL,
  starts_at TEXT NOT NULL,
  attempt INTEGER NOT NULL,
  labels TEXT NOT NULL,
  alert_status TEXT NOT NULL CHECK (alert_status IN ('firing', 'resolved')),
  state TEXT NOT NULL CHECK (state IN ('waiting', 'acting', 'verifying', 'undoing', 'closed')),
  outcome TEXT,
  reason TEXT,
  plan TEXT,
  -- The host and the time of the start; set once, before anything is sent.
  acting_on TEXT,
  acted_at_ms INTEGER,
  created_at TEXT NOT NULL,
  UNIQUE (fingerprint, starts_at, attempt),
  CHECK (state IN ('waiting', 'closed') OR (plan IS NOT NULL AND acting_on IS NOT NULL AND acted_at_ms IS NOT NULL)),
  CHECK (state <> 'closed' OR (outcome IS NOT NULL AND reason IS NOT NULL))
) STRICT;

CREATE INDEX runs_newest ON runs (created_at);
CREATE INDEX runs_open ON runs (state) WHERE state <> 'closed';
CREATE INDEX runs_acted ON runs (acted_at_ms) WHERE acted_at_ms IS NOT NULL;
-- At most one run acts on a host at a time, whoever asks.
CREATE UNIQUE INDEX runs_on_host ON runs (acting_on) WHERE state IN ('acting', 'verifying', 'undoing');

-- What happened, in order. Rows are only added.
CREATE TABLE events (
  id INTEGER PRIMARY KEY,
  run_id TEXT NOT NULL REFERENCES runs (id),
  at TEXT NOT NULL,
  kind TEXT NOT NULL,
  data TEXT NOT NULL
) STRICT;

CREATE INDEX events_of_run ON events (run_id, id);
