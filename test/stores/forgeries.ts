/** What nobody may do to an event that is kept: every column, and what an erasure does with more besides. */
export const FORGERIES: readonly string[] = [
  ...['id', 'type', 'severity', 'outcome', 'actor', 'subject', 'session', 'source', 'request_id', 'reason'].map(
    (column) => `UPDATE audit SET ${column} = 'forged'`,
  ),
  `UPDATE audit SET data = '{"forged":true}'`,
  'UPDATE audit SET at = at + 1',
  'UPDATE audit SET position = position + 100',
  'UPDATE audit SET position = NULL',
  'UPDATE audit SET source = NULL, position = position + 100',
  `UPDATE audit SET source = NULL, reason = 'forged'`,
]
