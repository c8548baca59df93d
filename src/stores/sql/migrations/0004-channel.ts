/** Where those who follow the feed are told of entries. A secret: whoever may enter the database could speak there. Never edit it. */
export const postgres = `
ALTER TABLE installation ADD COLUMN channel TEXT COLLATE "C" NOT NULL
  DEFAULT 'sallyport_' || replace(CAST(gen_random_uuid() AS text), '-', '');
`

/** Whoever follows a file looks at it. */
export const sqlite = ''
