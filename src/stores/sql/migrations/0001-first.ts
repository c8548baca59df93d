/** The first schema. Never edit it: databases in use were made by exactly this text. */
export const sqlite = `
CREATE TABLE installation (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  everyone INTEGER NOT NULL
) STRICT;
INSERT INTO installation (id, everyone) VALUES (1, 0);

CREATE TABLE users (
  id TEXT NOT NULL PRIMARY KEY,
  email TEXT NOT NULL,
  email_key TEXT NOT NULL UNIQUE,
  email_folded TEXT NOT NULL,
  email_verified INTEGER NOT NULL,
  name TEXT NOT NULL,
  name_folded TEXT NOT NULL,
  roles TEXT NOT NULL,
  status TEXT NOT NULL,
  password_change_required INTEGER NOT NULL,
  version INTEGER NOT NULL,
  generation INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  fields TEXT NOT NULL
) STRICT;
CREATE INDEX users_created ON users (created_at, id);
CREATE INDEX users_status ON users (status, created_at, id);

CREATE TABLE user_roles (
  role TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  PRIMARY KEY (role, created_at, user_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX user_roles_user ON user_roles (user_id);

CREATE TABLE credentials (
  user_id TEXT NOT NULL,
  kind TEXT NOT NULL,
  id TEXT NOT NULL,
  record TEXT NOT NULL,
  version INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  disabled_at INTEGER,
  PRIMARY KEY (user_id, kind, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE sessions (
  id TEXT NOT NULL PRIMARY KEY,
  user_id TEXT NOT NULL,
  strategy TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  authenticated_at INTEGER NOT NULL,
  last_active_at INTEGER NOT NULL,
  longest_idle INTEGER NOT NULL,
  idle_timeout INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  due_at INTEGER NOT NULL,
  amr TEXT NOT NULL,
  remember INTEGER NOT NULL,
  device TEXT NOT NULL,
  device_folded TEXT NOT NULL,
  ip TEXT NOT NULL,
  generation INTEGER NOT NULL,
  everyone INTEGER NOT NULL,
  fields TEXT NOT NULL,
  digest TEXT NOT NULL,
  previous_digest TEXT,
  ended_at INTEGER,
  end_reason TEXT
) STRICT;
CREATE INDEX sessions_created ON sessions (created_at, id);
CREATE INDEX sessions_live ON sessions (created_at, id) WHERE ended_at IS NULL;
CREATE INDEX sessions_user ON sessions (user_id, created_at, id);
CREATE INDEX sessions_user_live ON sessions (user_id, created_at, id) WHERE ended_at IS NULL;
CREATE INDEX sessions_ip ON sessions (ip, created_at, id);
CREATE INDEX sessions_due ON sessions (due_at) WHERE ended_at IS NULL;
CREATE INDEX sessions_everyone ON sessions (everyone) WHERE ended_at IS NULL;
CREATE INDEX sessions_ended ON sessions (ended_at) WHERE ended_at IS NOT NULL;

CREATE TABLE denials (
  sid TEXT NOT NULL PRIMARY KEY,
  reason TEXT NOT NULL,
  until INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX denials_until ON denials (until, sid);

CREATE TABLE tickets (
  digest TEXT NOT NULL PRIMARY KEY,
  kind TEXT NOT NULL,
  user_id TEXT,
  data TEXT NOT NULL,
  expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX tickets_user ON tickets (user_id, kind);
CREATE INDEX tickets_expires ON tickets (expires_at);

CREATE TABLE counters (
  key TEXT NOT NULL PRIMARY KEY,
  failures INTEGER NOT NULL,
  pending INTEGER NOT NULL,
  pending_at INTEGER NOT NULL,
  blocked_until INTEGER NOT NULL,
  forget_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX counters_forget ON counters (forget_at);

CREATE TABLE audit (
  at INTEGER NOT NULL,
  id TEXT NOT NULL,
  type TEXT NOT NULL,
  severity TEXT NOT NULL,
  outcome TEXT NOT NULL,
  actor TEXT,
  subject TEXT,
  session TEXT,
  source TEXT,
  request_id TEXT,
  reason TEXT,
  data TEXT NOT NULL,
  PRIMARY KEY (at, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX audit_subject ON audit (subject, at, id);
CREATE INDEX audit_session ON audit (session, at, id);
CREATE INDEX audit_type ON audit (type, at, id);
CREATE TRIGGER audit_stays BEFORE UPDATE ON audit BEGIN
  SELECT raise(ABORT, 'the audit log is never changed');
END;

CREATE TABLE feed_entries (
  at INTEGER PRIMARY KEY,
  id TEXT NOT NULL,
  change TEXT NOT NULL
) STRICT;

CREATE TABLE feed_rows (
  id TEXT NOT NULL PRIMARY KEY,
  epoch TEXT NOT NULL,
  acknowledged INTEGER NOT NULL,
  marked INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE feed_state (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  epoch TEXT NOT NULL
) STRICT;
`

/** Texts are in the order of their bytes, as SQLite has them. */
export const postgres = `
CREATE TABLE installation (
  id BIGINT PRIMARY KEY CHECK (id = 1),
  everyone BIGINT NOT NULL
);
INSERT INTO installation (id, everyone) VALUES (1, 0);

CREATE TABLE users (
  id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  email TEXT COLLATE "C" NOT NULL,
  email_key TEXT COLLATE "C" NOT NULL UNIQUE,
  email_folded TEXT COLLATE "C" NOT NULL,
  email_verified BIGINT NOT NULL,
  name TEXT COLLATE "C" NOT NULL,
  name_folded TEXT COLLATE "C" NOT NULL,
  roles TEXT COLLATE "C" NOT NULL,
  status TEXT COLLATE "C" NOT NULL,
  password_change_required BIGINT NOT NULL,
  version BIGINT NOT NULL,
  generation BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  fields TEXT COLLATE "C" NOT NULL
);
CREATE INDEX users_created ON users (created_at, id);
CREATE INDEX users_status ON users (status, created_at, id);

CREATE TABLE user_roles (
  role TEXT COLLATE "C" NOT NULL,
  created_at BIGINT NOT NULL,
  user_id TEXT COLLATE "C" NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  PRIMARY KEY (role, created_at, user_id)
);
CREATE INDEX user_roles_user ON user_roles (user_id);

CREATE TABLE credentials (
  user_id TEXT COLLATE "C" NOT NULL,
  kind TEXT COLLATE "C" NOT NULL,
  id TEXT COLLATE "C" NOT NULL,
  record TEXT COLLATE "C" NOT NULL,
  version BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  disabled_at BIGINT,
  PRIMARY KEY (user_id, kind, id)
);

CREATE TABLE sessions (
  id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  user_id TEXT COLLATE "C" NOT NULL,
  strategy TEXT COLLATE "C" NOT NULL,
  created_at BIGINT NOT NULL,
  authenticated_at BIGINT NOT NULL,
  last_active_at BIGINT NOT NULL,
  longest_idle BIGINT NOT NULL,
  idle_timeout BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  due_at BIGINT NOT NULL,
  amr TEXT COLLATE "C" NOT NULL,
  remember BIGINT NOT NULL,
  device TEXT COLLATE "C" NOT NULL,
  device_folded TEXT COLLATE "C" NOT NULL,
  ip TEXT COLLATE "C" NOT NULL,
  generation BIGINT NOT NULL,
  everyone BIGINT NOT NULL,
  fields TEXT COLLATE "C" NOT NULL,
  digest TEXT COLLATE "C" NOT NULL,
  previous_digest TEXT COLLATE "C",
  ended_at BIGINT,
  end_reason TEXT COLLATE "C"
);
CREATE INDEX sessions_created ON sessions (created_at, id);
CREATE INDEX sessions_live ON sessions (created_at, id) WHERE ended_at IS NULL;
CREATE INDEX sessions_user ON sessions (user_id, created_at, id);
CREATE INDEX sessions_user_live ON sessions (user_id, created_at, id) WHERE ended_at IS NULL;
CREATE INDEX sessions_ip ON sessions (ip, created_at, id);
CREATE INDEX sessions_due ON sessions (due_at) WHERE ended_at IS NULL;
CREATE INDEX sessions_everyone ON sessions (everyone) WHERE ended_at IS NULL;
CREATE INDEX sessions_ended ON sessions (ended_at) WHERE ended_at IS NOT NULL;

CREATE TABLE denials (
  sid TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  reason TEXT COLLATE "C" NOT NULL,
  until BIGINT NOT NULL
);
CREATE INDEX denials_until ON denials (until, sid);

CREATE TABLE tickets (
  digest TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  kind TEXT COLLATE "C" NOT NULL,
  user_id TEXT COLLATE "C",
  data TEXT COLLATE "C" NOT NULL,
  expires_at BIGINT NOT NULL
);
CREATE INDEX tickets_user ON tickets (user_id, kind);
CREATE INDEX tickets_expires ON tickets (expires_at);

CREATE TABLE counters (
  key TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  failures BIGINT NOT NULL,
  pending BIGINT NOT NULL,
  pending_at BIGINT NOT NULL,
  blocked_until BIGINT NOT NULL,
  forget_at BIGINT NOT NULL
);
CREATE INDEX counters_forget ON counters (forget_at);

CREATE TABLE audit (
  at BIGINT NOT NULL,
  id TEXT COLLATE "C" NOT NULL,
  type TEXT COLLATE "C" NOT NULL,
  severity TEXT COLLATE "C" NOT NULL,
  outcome TEXT COLLATE "C" NOT NULL,
  actor TEXT COLLATE "C",
  subject TEXT COLLATE "C",
  session TEXT COLLATE "C",
  source TEXT COLLATE "C",
  request_id TEXT COLLATE "C",
  reason TEXT COLLATE "C",
  data TEXT COLLATE "C" NOT NULL,
  PRIMARY KEY (at, id)
);
CREATE INDEX audit_subject ON audit (subject, at, id);
CREATE INDEX audit_session ON audit (session, at, id);
CREATE INDEX audit_type ON audit (type, at, id);
CREATE FUNCTION audit_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'the audit log is never changed';
END $$;
CREATE TRIGGER audit_stays BEFORE UPDATE ON audit FOR EACH STATEMENT EXECUTE FUNCTION audit_stays();

CREATE TABLE feed_entries (
  at BIGINT PRIMARY KEY,
  id TEXT COLLATE "C" NOT NULL,
  change TEXT COLLATE "C" NOT NULL
);

CREATE TABLE feed_rows (
  id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  epoch TEXT COLLATE "C" NOT NULL,
  acknowledged BIGINT NOT NULL,
  marked BIGINT NOT NULL
);

CREATE TABLE feed_state (
  id BIGINT PRIMARY KEY CHECK (id = 1),
  epoch TEXT COLLATE "C" NOT NULL
);
`
