-- A run may rest between two of its steps, and holds no host then.
ALTER TABLE runs DROP CONSTRAINT runs_state_check;
ALTER TABLE runs ADD CONSTRAINT runs_state_check
  CHECK (state IN ('waiting', 'acting', 'resting', 'verifying', 'undoing', 'closed'));
