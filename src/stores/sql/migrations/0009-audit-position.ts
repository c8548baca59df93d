/** An event keeps its place in the order too, or none if it had none. Never edit it. */
export const sqlite = `
CREATE TRIGGER audit_keeps_its_place BEFORE UPDATE ON audit WHEN NEW.position IS DISTINCT FROM OLD.position
BEGIN
  SELECT raise(ABORT, 'the audit log is never changed');
END;
`

export const postgres = `
CREATE TRIGGER audit_keeps_its_place BEFORE UPDATE ON audit FOR EACH ROW
WHEN (NEW.position IS DISTINCT FROM OLD.position)
EXECUTE FUNCTION audit_stays();
`
