-- Who works on a run, by the name of the process. The token grows with each lease: what an earlier holder writes is refused.
ALTER TABLE runs
  ADD COLUMN lease_owner TEXT,
  ADD COLUMN lease_token BIGINT NOT NULL DEFAULT 0,
  -- By this database's clock: until when the owner may work; where there is none, until when others leave the run to the replica that is about to look
  -- at it; NULL where nobody has to.
  ADD COLUMN lease_until TIMESTAMPTZ,
  -- Grows with what people and alerts say of the run.
  ADD COLUMN news BIGINT NOT NULL DEFAULT 0;

UPDATE runs SET lease_until = clock_timestamp() WHERE state <> 'closed';

-- What people were told last, and when, where one replica is to tell it for all.
CREATE TABLE told (
  subject TEXT PRIMARY KEY,
  at TIMESTAMPTZ NOT NULL
);
