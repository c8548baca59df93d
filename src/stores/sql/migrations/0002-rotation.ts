/** How far refresh tokens have come, the keys that sign, and the services that may ask. Never edit it. */
export const sqlite = `
ALTER TABLE sessions ADD COLUMN counter INTEGER NOT NULL DEFAULT 0;
ALTER TABLE sessions ADD COLUMN rotated_at INTEGER NOT NULL DEFAULT 0;
ALTER TABLE sessions ADD COLUMN seen_at INTEGER;
UPDATE sessions SET rotated_at = created_at;

CREATE TABLE keys (
  kid TEXT NOT NULL PRIMARY KEY,
  alg TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  signs_from INTEGER NOT NULL,
  sealed TEXT,
  removed_at INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX keys_created ON keys (created_at, kid);
CREATE INDEX keys_newest ON keys (removed_at, created_at, kid);

CREATE TABLE services (
  id TEXT NOT NULL PRIMARY KEY,
  name TEXT NOT NULL,
  digest TEXT NOT NULL,
  created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX services_created ON services (created_at, id);
`

export const postgres = `
ALTER TABLE sessions ADD COLUMN counter BIGINT NOT NULL DEFAULT 0;
ALTER TABLE sessions ADD COLUMN rotated_at BIGINT NOT NULL DEFAULT 0;
ALTER TABLE sessions ADD COLUMN seen_at BIGINT;
UPDATE sessions SET rotated_at = created_at;

CREATE TABLE keys (
  kid TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  alg TEXT COLLATE "C" NOT NULL,
  created_at BIGINT NOT NULL,
  signs_from BIGINT NOT NULL,
  sealed TEXT COLLATE "C",
  removed_at BIGINT
);
CREATE INDEX keys_created ON keys (created_at, kid);
CREATE INDEX keys_newest ON keys (removed_at, created_at, kid);

CREATE TABLE services (
  id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  name TEXT COLLATE "C" NOT NULL,
  digest TEXT COLLATE "C" NOT NULL,
  created_at BIGINT NOT NULL
);
CREATE INDEX services_created ON services (created_at, id);
`
