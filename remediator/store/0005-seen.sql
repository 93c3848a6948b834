-- When a delivery last said what alert_status says: to the minute where the alert fires, and the first time where it has ended.
ALTER TABLE runs ADD COLUMN seen_at TEXT NOT NULL DEFAULT '';

UPDATE runs SET seen_at = CASE alert_status
  WHEN 'firing' THEN strftime('%Y-%m-%dT%H:%M:%fZ', 'now')
  ELSE coalesce((SELECT max(at) FROM events WHERE run_id = runs.id AND kind = 'received'), created_at) END;
