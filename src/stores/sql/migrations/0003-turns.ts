/** Who does the work in the background. Never edit it. */
export const sqlite = `
CREATE TABLE turns (
  work TEXT NOT NULL PRIMARY KEY,
  holder TEXT NOT NULL,
  until INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
`

export const postgres = `
CREATE TABLE turns (
  work TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  holder TEXT COLLATE "C" NOT NULL,
  until BIGINT NOT NULL
);
`
