/** The first schema. Never edit it: files in use were made by exactly this text. */
export const first = `
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
