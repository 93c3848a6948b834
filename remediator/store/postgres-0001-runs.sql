-- What 0001 to 0003 of SQLite are, in PostgreSQL. JSON is TEXT: jsonb refuses the NUL that a label may hold. Times and ids are ASCII, and compare
-- as bytes whatever the collation of the database.

-- One row for each run; an episode is a fingerprint and a startsAt, and has one run for each attempt.
CREATE TABLE runs (
  id TEXT COLLATE "C" PRIMARY KEY,
  -- The order in which runs were opened, where two have the same time.
  number BIGINT GENERATED ALWAYS AS IDENTITY,
  fingerprint TEXT COLLATE "C" NOT NULL,
  starts_at TEXT COLLATE "C" NOT NULL,
  attempt INTEGER NOT NULL,
  labels TEXT NOT NULL,
  alert_status TEXT NOT NULL CHECK (alert_status IN ('firing', 'resolved')),
  state TEXT NOT NULL CHECK (state IN ('waiting', 'acting', 'verifying', 'undoing', 'closed')),
  outcome TEXT,
  reason TEXT,
  plan TEXT,
  -- The policy of the plan, to look for.
  policy TEXT,
  -- The host and the time of the start; set once, before anything is sent.
  acting_on TEXT,
  acted_at_ms BIGINT,
  created_at TEXT COLLATE "C" NOT NULL,
  UNIQUE (fingerprint, starts_at, attempt),
  CHECK (state IN ('waiting', 'closed') OR (plan IS NOT NULL AND acting_on IS NOT NULL AND acted_at_ms IS NOT NULL)),
  CHECK (state <> 'closed' OR (outcome IS NOT NULL AND reason IS NOT NULL))
);

CREATE INDEX runs_newest ON runs (created_at, number);
CREATE INDEX runs_open ON runs (created_at, number) WHERE state <> 'closed';
CREATE INDEX runs_of_policy ON runs (policy, acted_at_ms) WHERE acted_at_ms IS NOT NULL;
CREATE INDEX runs_acted_on ON runs (acting_on, acted_at_ms) WHERE acted_at_ms IS NOT NULL;
-- At most one run acts on a host at a time, whoever asks.
CREATE UNIQUE INDEX runs_on_host ON runs (acting_on) WHERE state IN ('acting', 'verifying', 'undoing');

-- What happened, in order. Rows are only added.
CREATE TABLE events (
  id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  run_id TEXT COLLATE "C" NOT NULL REFERENCES runs (id),
  at TEXT NOT NULL,
  kind TEXT NOT NULL,
  data TEXT NOT NULL
);

CREATE INDEX events_of_run ON events (run_id, id);

-- The times when nothing is started by itself. The newest one counts; rows are only added and ended.
CREATE TABLE pauses (
  id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  since TEXT NOT NULL,
  -- In milliseconds since the epoch; NULL where it lasts until somebody ends it.
  until_ms BIGINT,
  by TEXT NOT NULL,
  reason TEXT NOT NULL,
  ended_at TEXT,
  ended_by TEXT
);

-- When somebody said to go on, after a pause or a mass failure. Rows are only added.
CREATE TABLE resumptions (
  id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  at_ms BIGINT NOT NULL,
  by TEXT NOT NULL
);

-- The starts of this program. One without an end that is not the newest of its instance ended badly.
CREATE TABLE starts (
  id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  instance TEXT NOT NULL,
  started_at_ms BIGINT NOT NULL,
  stopped_at_ms BIGINT
);

CREATE INDEX starts_newest ON starts (instance, started_at_ms);
