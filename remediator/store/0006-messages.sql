-- What people are owed: written with what it tells of, and removed once a receiver has taken it.
CREATE TABLE messages (
  id TEXT PRIMARY KEY,
  message TEXT NOT NULL
) STRICT;

-- When people were last owed word of what is told only so often.
CREATE TABLE told (
  subject TEXT PRIMARY KEY,
  at_ms INTEGER NOT NULL
) STRICT;
