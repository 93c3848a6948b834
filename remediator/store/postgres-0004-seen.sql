-- When a delivery last said what alert_status says: to the minute where the alert fires, and the first time where it has ended.
ALTER TABLE runs ADD COLUMN seen_at TEXT COLLATE "C";

UPDATE runs SET seen_at = CASE alert_status
  WHEN 'firing' THEN to_char(clock_timestamp() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')
  ELSE coalesce((SELECT max(at) FROM events WHERE run_id = runs.id AND kind = 'received'), created_at) END;

ALTER TABLE runs ALTER COLUMN seen_at SET NOT NULL;
