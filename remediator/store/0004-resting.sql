-- A run may rest between two of its steps, and holds no host then. SQLite changes a CHECK only by a new table; what refers to it is made anew too.
CREATE TABLE new_runs (
  id TEXT PRIMARY KEY,
  fingerprint TEXT NOT NULL,
  starts_at TEXT NOT NULL,
  attempt INTEGER NOT NULL,
  labels TEXT NOT NULL,
  alert_status TEXT NOT NULL CHECK (alert_status IN ('firing', 'resolved')),
  state TEXT NOT NULL CHECK (state IN ('waiting', 'acting', 'resting', 'verifying', 'undoing', 'closed')),
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

INSERT INTO new_runs (id, fingerprint, starts_at, attempt, labels, alert_status, state, outcome, reason, plan, acting_on, acted_at_ms, created_at)
SELECT id, fingerprint, starts_at, attempt, labels, alert_status, state, outcome, reason, plan, acting_on, acted_at_ms, created_at
FROM runs ORDER BY rowid;

CREATE TABLE new_events (
  id INTEGER PRIMARY KEY,
  run_id TEXT NOT NULL REFERENCES new_runs (id),
  at TEXT NOT NULL,
  kind TEXT NOT NULL,
  data TEXT NOT NULL
) STRICT;

INSERT INTO new_events SELECT id, run_id, at, kind, data FROM events;

DROP TABLE events;
DROP TABLE runs;
ALTER TABLE new_runs RENAME TO runs;
ALTER TABLE new_events RENAME TO events;

CREATE INDEX runs_newest ON runs (created_at);
CREATE INDEX runs_open ON runs (state) WHERE state <> 'closed';
CREATE INDEX runs_acted ON runs (acted_at_ms) WHERE acted_at_ms IS NOT NULL;
CREATE UNIQUE INDEX runs_on_host ON runs (acting_on) WHERE state IN ('acting', 'verifying', 'undoing');
CREATE INDEX runs_of_policy ON runs (json_extract(plan, '$.policy'), acted_at_ms) WHERE acted_at_ms IS NOT NULL;
CREATE INDEX runs_acted_on ON runs (acting_on, acted_at_ms) WHERE acted_at_ms IS NOT NULL;
CREATE INDEX events_of_run ON events (run_id, id);
