/** What is read of a record, by the name of its column, or the path in an object: `_id.$oid`. Several with `+` are joined. */
export type Columns = Readonly<Partial<Record<Member, string>>>

export type Member = (typeof MEMBERS)[number]

/**
 * `hash` is a text that says how it was made; Firebase has its salt beside it, Keycloak a list of `credentials`. `locked` and `active` are
 * true or false, and say what `status` says in words.
 */
export const MEMBERS = [
  'email',
  'id',
  'name',
  'roles',
  'status',
  'locked',
  'active',
  'emailVerified',
  'passwordChangeRequired',
  'createdAt',
  'hash',
  'salt',
  'credentials',
] as const

/** How the exports of others name these. Anything is overruled by `--column`. */
export const ORIGINS = {
  sallyport: Object.fromEntries(MEMBERS.map((name) => [name, name])),
  auth0: {
    ...{ email: 'email', id: '_id.$oid', name: 'name', emailVerified: 'email_verified', locked: 'blocked' },
    ...{ createdAt: 'created_at', hash: 'passwordHash' },
  },
  firebase: {
    ...{ email: 'email', id: 'localId', name: 'displayName', emailVerified: 'emailVerified', locked: 'disabled' },
    ...{ createdAt: 'createdAt', hash: 'passwordHash', salt: 'salt' },
  },
  django: {
    ...{ email: 'email', id: 'id', name: 'first_name+last_name', active: 'is_active', createdAt: 'date_joined' },
    hash: 'password',
  },
  laravel: {
    ...{ email: 'email', id: 'id', name: 'name', emailVerified: 'email_verified_at', createdAt: 'created_at' },
    hash: 'password',
  },
  devise: {
    ...{ email: 'email', id: 'id', name: 'name', emailVerified: 'confirmed_at', locked: 'locked_at' },
    ...{ createdAt: 'created_at', hash: 'encrypted_password' },
  },
  keycloak: {
    ...{ email: 'email', id: 'id', name: 'firstName+lastName', emailVerified: 'emailVerified', active: 'enabled' },
    ...{ createdAt: 'createdTimestamp', credentials: 'credentials' },
  },
  supabase: {
    ...{ email: 'email', id: 'id', name: 'raw_user_meta_data.full_name', emailVerified: 'email_confirmed_at' },
    ...{ locked: 'banned_until', createdAt: 'created_at', hash: 'encrypted_password' },
  },
} as const satisfies Readonly<Record<string, Columns>>

export type Origin = keyof typeof ORIGINS
