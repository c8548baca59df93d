/** What is personal in the audit log can be taken out of it, and nothing else; who acted can be found. Never edit it. */
export const sqlite = `
DROP TRIGGER audit_stays;
CREATE TRIGGER audit_stays BEFORE UPDATE ON audit
WHEN NEW.source IS NOT NULL OR NEW.data IS DISTINCT FROM json_remove(OLD.data, '$.device')
  OR NEW.at IS DISTINCT FROM OLD.at OR NEW.id IS DISTINCT FROM OLD.id OR NEW.type IS DISTINCT FROM OLD.type
  OR NEW.severity IS DISTINCT FROM OLD.severity OR NEW.outcome IS DISTINCT FROM OLD.outcome
  OR NEW.actor IS DISTINCT FROM OLD.actor OR NEW.subject IS DISTINCT FROM OLD.subject
  OR NEW.session IS DISTINCT FROM OLD.session OR NEW.request_id IS DISTINCT FROM OLD.request_id
  OR NEW.reason IS DISTINCT FROM OLD.reason
BEGIN
  SELECT raise(ABORT, 'the audit log is never changed');
END;
CREATE INDEX audit_actor ON audit (actor) WHERE actor IS NOT NULL AND actor IS DISTINCT FROM subject;
`

export const postgres = `
DROP TRIGGER audit_stays ON audit;
CREATE TRIGGER audit_stays BEFORE UPDATE ON audit FOR EACH ROW
WHEN (NEW.source IS NOT NULL
  OR CASE WHEN NEW.data = OLD.data THEN NEW.data LIKE '%"device":%'
    ELSE CAST(NEW.data AS jsonb) IS DISTINCT FROM CAST(OLD.data AS jsonb) - 'device' END
  OR (NEW.at, NEW.id, NEW.type, NEW.severity, NEW.outcome, NEW.actor, NEW.subject, NEW.session, NEW.request_id, NEW.reason)
    IS DISTINCT FROM
    (OLD.at, OLD.id, OLD.type, OLD.severity, OLD.outcome, OLD.actor, OLD.subject, OLD.session, OLD.request_id, OLD.reason))
EXECUTE FUNCTION audit_stays();
CREATE INDEX audit_actor ON audit (actor) WHERE actor IS NOT NULL AND actor IS DISTINCT FROM subject;
`
