/** What administrators have set. Never edit it. */
export const sqlite = `
CREATE TABLE settings (
  name TEXT NOT NULL PRIMARY KEY,
  version INTEGER NOT NULL,
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID;
`

export const postgres = `
CREATE TABLE settings (
  name TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  version BIGINT NOT NULL,
  value TEXT COLLATE "C" NOT NULL
);
`
