-- When somebody said to go on, after a pause or a mass failure. Rows are only added.
CREATE TABLE resumptions (
  id INTEGER PRIMARY KEY,
  at_ms INTEGER NOT NULL,
  by TEXT NOT NULL
) STRICT;

-- The starts of this program. One without an end that is not the newest of its instance ended badly.
CREATE TABLE starts (
  id INTEGER PRIMARY KEY,
  instance TEXT NOT NULL,
  started_at_ms INTEGER NOT NULL,
  stopped_at_ms INTEGER
) STRICT;

CREATE INDEX starts_newest ON starts (instance, started_at_ms);

-- What a decision asks for: the actions of a policy, those on a host, and the alerts that fire.
CREATE INDEX runs_of_policy ON runs (json_extract(plan, '$.policy'), acted_at_ms) WHERE acted_at_ms IS NOT NULL;
CREATE INDEX runs_acted_on ON runs (acting_on, acted_at_ms) WHERE acted_at_ms IS NOT NULL;
