import type { Answers } from './answers.ts'

/** `sallyport.config.ts`, with what can be said in it. */
export function configText({ strategy, database, url, signUp, names }: Answers): string {
  return `import { defineConfig } from 'sallyport/config'

// The environment overrides what is written here: SALLYPORT_URL, DATABASE_URL, …; 'sallyport --help' has the list.
// Secrets belong there and not here: SALLYPORT_SECRET, the password of a database. 'sallyport doctor' looks at all of it.
export default defineConfig({
  // How sessions travel: 'session', 'hybrid' or 'jwt'. To change it signs nobody out while the one before is in accept.
  strategy: ${quoted(strategy)},
  // accept: ['session'],

  // Where people reach the server: scheme and host. In development it is http://localhost:3000.
${url === null ? `  // baseUrl: 'https://auth.example.com',` : `  baseUrl: ${quoted(url)},`}

${databaseText(database)}

  // How long sessions last: without activity, and at the longest.
  timeouts: {
    idle: '30m',
    absolute: '12h',
    // roles: { admin: { idle: '10m' } },
    // sections: [{ path: '/billing', reauthenticate: '10m' }],
  },
  // sessionLimit: { max: 5, whenFull: 'end-oldest' },

  // The catalogue of roles, beside 'admin' and 'auditor'. New users get the first.
  roles: ['member'],

  // 'closed': administrators make accounts.
  signUp: ${quoted(signUp)},

  // Words that no password may be made of: names of the product and the company.
  password: { context: [${names.map(quoted).join(', ')}] },

  // Addresses of the proxies in front, if there are any: they alone are believed about who asks.
  // trustedProxies: ['10.0.0.2'],

  // Other sites whose pages may call this server.
  // cors: { origins: ['https://app.example.com'] },
})
`
}

function databaseText(database: Answers['database']): string {
  if (database === 'sqlite')
    return `  // What everything is kept in: a file, .data/sallyport.db unless another is named.\n  // database: 'sqlite:/var/lib/sallyport/auth.db',`
  return `  // What everything is kept in is in DATABASE_URL, as it holds a password: postgres://user:password@host:5432/database?sslmode=verify-full
  postgres: { connections: 10 },`
}

/** What production needs in its environment, with a secret that was made for it. */
export function environmentText({ url, database }: Answers, secret: string): string {
  return `NODE_ENV=production
SALLYPORT_URL=${url ?? 'https://auth.example.com'}
# Keep it as safe as the data: it seals the signing keys. Made anew each time this is printed.
SALLYPORT_SECRET=${secret}
${database === 'sqlite' ? 'DATABASE_URL=sqlite:/var/lib/sallyport/auth.db' : 'DATABASE_URL=postgres://sallyport:password@db.example:5432/sallyport?sslmode=verify-full'}
# What sends links, for a forgotten password above all, and who they come from. It takes: npm install nodemailer
# SMTP_URL=smtps://user:password@mail.example.com
# MAIL_FROM=no-reply@example.com
# Addresses of the proxies in front, if there are any: they alone are believed about who asks.
# TRUSTED_PROXIES=127.0.0.1
`
}

/** For a container engine, beside a Dockerfile; the secrets come from a file of variables. */
export function composeText({ url, database }: Answers): string {
  const isPostgres = database === 'postgres'
  return `# docker compose --env-file .env up; .env is what 'sallyport init --print env' prints.
services:
  sallyport:
    build: .
    restart: unless-stopped
    ports: ["127.0.0.1:3000:3000"]
    # What is in it and not named below goes in as it is: SMTP_URL, TRUSTED_PROXIES, ...
    env_file: .env
    environment:
      NODE_ENV: production
      SALLYPORT_URL: \${SALLYPORT_URL:-${url ?? 'https://auth.example.com'}}
      SALLYPORT_SECRET: \${SALLYPORT_SECRET:?is missing}
      DATABASE_URL: ${isPostgres ? `postgres://sallyport:\${DATABASE_PASSWORD:?is missing}@database:5432/sallyport` : 'sqlite:/data/auth.db'}
${isPostgres ? '    depends_on:\n      database: { condition: service_healthy }' : '    volumes: ["data:/data"]'}
${isPostgres ? POSTGRES : ''}volumes:
  data:
`
}

const POSTGRES = `  database:
    image: postgres:17-alpine
    restart: unless-stopped
    environment:
      POSTGRES_USER: sallyport
      POSTGRES_PASSWORD: \${DATABASE_PASSWORD:?is missing}
    volumes: ["data:/var/lib/postgresql/data"]
    healthcheck:
      test: [CMD-SHELL, pg_isready -U sallyport]
      interval: 5s
`

/** As a text in single quotes. */
function quoted(text: string): string {
  return `'${JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'")}'`
}
