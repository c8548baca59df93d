/** The order in which events were appended, and where those stand who read in it. Never edit it. */
export const sqlite = `
ALTER TABLE audit ADD COLUMN position INTEGER;
CREATE UNIQUE INDEX audit_position ON audit (position) WHERE position IS NOT NULL;

CREATE TABLE audit_state (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  position INTEGER NOT NULL
) STRICT;

CREATE TABLE audit_readers (
  name TEXT NOT NULL PRIMARY KEY,
  position INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
`

export const postgres = `
ALTER TABLE audit ADD COLUMN position BIGINT;
CREATE UNIQUE INDEX audit_position ON audit (position) WHERE position IS NOT NULL;

CREATE TABLE audit_state (
  id BIGINT PRIMARY KEY CHECK (id = 1),
  position BIGINT NOT NULL
);

CREATE TABLE audit_readers (
  name TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  position BIGINT NOT NULL
);
`
