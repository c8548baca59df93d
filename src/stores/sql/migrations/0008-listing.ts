/**
 * What administrators look for, apart from what every use of a session writes: an index on a table whose rows move with each use is
 * written with each use. Kept by triggers, so that no verb can forget it. Never edit it.
 */
const SESSIONS = `
CREATE INDEX session_list_all ON session_list (ended, created_at, session_id);
CREATE INDEX session_list_user ON session_list (user_id, ended, created_at, session_id);
CREATE INDEX session_list_ip ON session_list (ip, ended, created_at, session_id);
CREATE INDEX session_list_device ON session_list (device, ended, created_at, session_id);
CREATE INDEX session_list_strategy ON session_list (strategy, ended, created_at, session_id);
DROP INDEX sessions_created;
DROP INDEX sessions_live;
DROP INDEX sessions_user;
DROP INDEX sessions_ip;
`

/** Of what there is, for whoever wrote it past the triggers. */
export const FILL_SESSIONS = `
INSERT INTO session_list (session_id, created_at, user_id, strategy, ip, device, ended)
  SELECT id, created_at, user_id, strategy, ip, device_folded, CASE WHEN ended_at IS NULL THEN 0 ELSE 1 END FROM sessions;
`

/** Where a word of an address or name ends, beside a space. `words.ts` has the same, for what is looked for. */
const BORDERS = `@._-+,'()/&"`

/** Address and name of a row, with a space between words. */
const words = (row: string) =>
  [...BORDERS].reduce(
    (text, border) => `replace(${text}, '${border.replace("'", "''")}', ' ')`,
    `${row}.email_folded || ' ' || ${row}.name_folded`,
  )

/** The words of a text, as rows of \`value\`. */
const split = (text: string) => `json_each('[' || replace(json_quote(trim(${text})), ' ', '","') || ']')`

export const sqlite = `
CREATE TABLE session_list (
  session_id TEXT NOT NULL PRIMARY KEY,
  created_at INTEGER NOT NULL,
  user_id TEXT NOT NULL,
  strategy TEXT NOT NULL,
  ip TEXT NOT NULL,
  device TEXT NOT NULL,
  ended INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
${FILL_SESSIONS}${SESSIONS}
CREATE TRIGGER session_begins AFTER INSERT ON sessions BEGIN
  INSERT INTO session_list (session_id, created_at, user_id, strategy, ip, device, ended)
    VALUES (NEW.id, NEW.created_at, NEW.user_id, NEW.strategy, NEW.ip, NEW.device_folded, NEW.ended_at IS NOT NULL);
END;
CREATE TRIGGER session_ends AFTER UPDATE OF ended_at ON sessions
WHEN OLD.ended_at IS NULL AND NEW.ended_at IS NOT NULL BEGIN
  UPDATE session_list SET ended = 1 WHERE session_id = NEW.id;
END;
CREATE TRIGGER session_erased AFTER UPDATE OF ip, device_folded ON sessions BEGIN
  UPDATE session_list SET ip = NEW.ip, device = NEW.device_folded WHERE session_id = NEW.id;
END;
CREATE TRIGGER session_forgotten AFTER DELETE ON sessions BEGIN
  DELETE FROM session_list WHERE session_id = OLD.id;
END;

CREATE TABLE user_words (
  word TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  user_id TEXT NOT NULL,
  PRIMARY KEY (word, created_at, user_id)
) STRICT, WITHOUT ROWID;
INSERT OR IGNORE INTO user_words (word, created_at, user_id)
  SELECT substr(value, 1, 64), created_at, users.id FROM users, ${split(words('users'))} WHERE value <> '';
CREATE TRIGGER user_words_added AFTER INSERT ON users BEGIN
  INSERT OR IGNORE INTO user_words (word, created_at, user_id)
    SELECT substr(value, 1, 64), NEW.created_at, NEW.id FROM ${split(words('NEW'))} WHERE value <> '';
END;
CREATE TRIGGER user_words_changed AFTER UPDATE OF email_folded, name_folded ON users
WHEN OLD.email_folded <> NEW.email_folded OR OLD.name_folded <> NEW.name_folded BEGIN
  DELETE FROM user_words WHERE (word, created_at, user_id) IN
    (SELECT substr(value, 1, 64), OLD.created_at, OLD.id FROM ${split(words('OLD'))});
  INSERT OR IGNORE INTO user_words (word, created_at, user_id)
    SELECT substr(value, 1, 64), NEW.created_at, NEW.id FROM ${split(words('NEW'))} WHERE value <> '';
END;
CREATE TRIGGER user_words_removed AFTER DELETE ON users BEGIN
  DELETE FROM user_words WHERE (word, created_at, user_id) IN
    (SELECT substr(value, 1, 64), OLD.created_at, OLD.id FROM ${split(words('OLD'))});
END;

ALTER TABLE counters ADD COLUMN about TEXT;
CREATE INDEX counters_blocked ON counters (blocked_until, key) WHERE blocked_until > 0;
`

/** The words of everybody there is, for PostgreSQL. */
export const FILL_WORDS = `INSERT INTO user_words (word, created_at, user_id)
  SELECT DISTINCT substr(value, 1, 64), created_at, id FROM users, unnest(string_to_array(${words('users')}, ' ')) AS value WHERE value <> '';
`

export const postgres = `
CREATE TABLE session_list (
  session_id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  created_at BIGINT NOT NULL,
  user_id TEXT COLLATE "C" NOT NULL,
  strategy TEXT COLLATE "C" NOT NULL,
  ip TEXT COLLATE "C" NOT NULL,
  device TEXT COLLATE "C" NOT NULL,
  ended BIGINT NOT NULL
);
${FILL_SESSIONS}${SESSIONS}
CREATE FUNCTION session_begins() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
  INSERT INTO session_list (session_id, created_at, user_id, strategy, ip, device, ended)
    VALUES (NEW.id, NEW.created_at, NEW.user_id, NEW.strategy, NEW.ip, NEW.device_folded,
      CASE WHEN NEW.ended_at IS NULL THEN 0 ELSE 1 END);
  RETURN NULL;
END $$;
CREATE FUNCTION session_changes() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
  UPDATE session_list SET ip = NEW.ip, device = NEW.device_folded, ended = CASE WHEN NEW.ended_at IS NULL THEN 0 ELSE 1 END
    WHERE session_id = NEW.id;
  RETURN NULL;
END $$;
CREATE FUNCTION session_forgotten() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
  DELETE FROM session_list WHERE session_id = OLD.id;
  RETURN NULL;
END $$;
CREATE TRIGGER session_begins AFTER INSERT ON sessions FOR EACH ROW EXECUTE FUNCTION session_begins();
CREATE TRIGGER session_changes AFTER UPDATE OF ended_at, ip, device_folded ON sessions FOR EACH ROW
  WHEN ((OLD.ended_at IS NULL) <> (NEW.ended_at IS NULL) OR OLD.ip <> NEW.ip OR OLD.device_folded <> NEW.device_folded)
  EXECUTE FUNCTION session_changes();
CREATE TRIGGER session_forgotten AFTER DELETE ON sessions FOR EACH ROW EXECUTE FUNCTION session_forgotten();

CREATE TABLE user_words (
  word TEXT COLLATE "C" NOT NULL,
  created_at BIGINT NOT NULL,
  user_id TEXT COLLATE "C" NOT NULL,
  PRIMARY KEY (word, created_at, user_id)
);
${FILL_WORDS}CREATE FUNCTION user_words_kept() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
  IF TG_OP <> 'INSERT' THEN
    DELETE FROM user_words USING (SELECT DISTINCT substr(value, 1, 64) AS value FROM unnest(string_to_array(${words('OLD')}, ' ')) AS value) AS gone
      WHERE word = gone.value AND created_at = OLD.created_at AND user_id = OLD.id;
  END IF;
  IF TG_OP <> 'DELETE' THEN
    INSERT INTO user_words (word, created_at, user_id)
      SELECT DISTINCT substr(value, 1, 64), NEW.created_at, NEW.id FROM unnest(string_to_array(${words('NEW')}, ' ')) AS value
        WHERE value <> '' ON CONFLICT DO NOTHING;
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER user_words_added AFTER INSERT OR DELETE ON users FOR EACH ROW EXECUTE FUNCTION user_words_kept();
CREATE TRIGGER user_words_changed AFTER UPDATE OF email_folded, name_folded ON users FOR EACH ROW
  WHEN (OLD.email_folded <> NEW.email_folded OR OLD.name_folded <> NEW.name_folded) EXECUTE FUNCTION user_words_kept();

ALTER TABLE counters ADD COLUMN about TEXT COLLATE "C";
CREATE INDEX counters_blocked ON counters (blocked_until, key) WHERE blocked_until > 0;
`
