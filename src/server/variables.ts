/** What a variable of the environment is: which member of `sallyport.config.ts` it stands for, and what to write. */
export type Variable = {
  /** Null for what the file cannot say. */
  readonly member: string | null
  readonly usual: string
  readonly says: string
}

/** Every variable that the program looks at. An empty one counts as absent. */
export const VARIABLES: Readonly<Record<string, Variable>> = {
  NODE_ENV: {
    member: null,
    usual: 'development',
    says: '`production`: nothing is made up, logs are JSON, `HOST` is `0.0.0.0`',
  },
  SALLYPORT_URL: {
    member: 'baseUrl',
    usual: '`http://localhost:<PORT>`; required in production',
    says: 'where people reach the server: scheme and host, no path',
  },
  SALLYPORT_SECRET: {
    member: 'secret',
    usual: 'made and kept in `.data/secret`; required in production',
    says: 'at least 32 random characters; several with commas, newest first: the first seals, all are accepted',
  },
  SALLYPORT_SECRET_FILE: {
    member: null,
    usual: 'none',
    says: 'the file that holds the secret, instead of `SALLYPORT_SECRET`',
  },
  SALLYPORT_STRATEGY: {
    member: 'strategy',
    usual: 'session',
    says: 'how sessions travel: `session`, `hybrid` or `jwt`',
  },
  DATABASE_URL: {
    member: 'database',
    usual: '`sallyport.db` in `SALLYPORT_DATA`',
    says: '`sqlite:path`, or `postgres://user:password@host:5432/database`',
  },
  DATABASE_SCHEMA: { member: 'postgres.schema', usual: 'sallyport', says: 'where the tables are, in PostgreSQL' },
  DATABASE_CONNECTIONS: {
    member: 'postgres.connections',
    usual: '10',
    says: 'how many connections to PostgreSQL a process has at most, besides the one of the feed',
  },
  REDIS_URL: {
    member: 'redis.url',
    usual: 'none',
    says: 'sessions in Redis: `redis://user:password@host:6379`; several of a Cluster with commas',
  },
  REDIS_PREFIX: { member: 'redis.prefix', usual: 'sallyport', says: 'what every key and channel begins with' },
  REDIS_PARTITIONS: { member: 'redis.partitions', usual: '1', says: 'into how many parts the data is spread' },
  REDIS_REPLICAS: {
    member: 'redis.replicas',
    usual: '0',
    says: 'how many replicas have a change before it is answered',
  },
  PORT: { member: 'port', usual: '3000', says: 'where to listen' },
  HOST: {
    member: 'host',
    usual: '`127.0.0.1`, in production `0.0.0.0`',
    says: 'the address to listen on',
  },
  TRUSTED_PROXIES: {
    member: 'trustedProxies',
    usual: 'none',
    says: 'addresses or CIDRs of proxies whose forwarding headers are believed, with commas',
  },
  CORS_ORIGINS: {
    member: 'cors.origins',
    usual: 'none',
    says: 'other origins whose pages may call this server, with commas',
  },
  SALLYPORT_IDLE: { member: 'timeouts.idle', usual: '30m', says: 'how long a session lasts without use' },
  SALLYPORT_ABSOLUTE: { member: 'timeouts.absolute', usual: '12h', says: 'how long a session lasts at all' },
  SALLYPORT_SIGN_UP: {
    member: 'signUp',
    usual: 'open',
    says: '`open`, or `closed`: administrators make accounts',
  },
  SALLYPORT_VERIFY_EMAIL: {
    member: 'verifyEmail',
    usual: 'false',
    says: '`true`: who signs up has no account until their address has confirmed',
  },
  SMTP_URL: {
    member: 'smtp.url',
    usual: 'none; in development messages are files in `outbox` of `SALLYPORT_DATA`',
    says: 'how messages leave: `smtps://user:password@mail.example`',
  },
  MAIL_FROM: { member: 'smtp.from', usual: 'none', says: 'who messages come from; required with `SMTP_URL`' },
  SALLYPORT_WEBHOOK_URL: { member: 'webhooks[0].url', usual: 'none', says: 'where events are sent' },
  SALLYPORT_WEBHOOK_SECRET: {
    member: 'webhooks[0].secret',
    usual: 'none',
    says: '`whsec_…`; several with commas, newest first: each signs',
  },
  SALLYPORT_WEBHOOK_EVENTS: {
    member: 'webhooks[0].events',
    usual: 'all',
    says: 'which events, with commas: `session.*,user.locked`',
  },
  SALLYPORT_DATA: {
    member: 'data',
    usual: '.data',
    says: 'the folder of the embedded database, and of secret and messages in development',
  },
  SALLYPORT_CONFIG: {
    member: null,
    usual: '`sallyport.config.ts` in the folder it is started in',
    says: 'the configuration file',
  },
  LOG_LEVEL: { member: 'logLevel', usual: 'info', says: '`debug`, `info`, `warn`, `error` or `silent`' },
  METRICS_PORT: { member: 'metrics.port', usual: 'none', says: '`GET /metrics` on a port of its own' },
  METRICS_TOKEN: { member: 'metrics.token', usual: 'none', says: '`GET /metrics` for whoever shows it as bearer' },
}
