import type { Code } from '../../src/errors.ts'

/** What there is to say of a code, for its page. */
export type Said = {
  readonly means: string
  /** Who gets to see it. */
  readonly seen: string
  readonly client: string
  readonly operator: string
}

const ANYBODY = 'Whoever asks.'
const GENUINE =
  'Whoever shows a credential that once was genuine. Strangers get [`unauthenticated`](unauthenticated.md), whatever is wrong with theirs.'
const SIGN_IN = 'Forget the tokens, and sign in. Tell the person why, in these words: nothing went wrong.'
const NOTHING = 'Nothing: it is as it should be.'
const CHOOSES = 'Whoever chooses a password: at sign-up, at a change, by a link.'
const CHOOSE = 'Show it at the field that `errors` names, and let them choose another.'
const FIX = 'Mend the request; sent again as it is, it is refused again.'

export const SAID: Readonly<Record<Code, Said>> = {
  invalid_request: {
    means:
      'The body, the query or a path is not what the route takes: no JSON, an unknown member, a value of another kind, a name twice.',
    seen: ANYBODY,
    client: `${FIX} \`errors\` names the fields, with dots between: \`fields.locale\`.`,
    operator:
      'Many of them after a release: a client that does not go with this version. [The routes](../reference/http.md).',
  },
  not_supported: {
    means:
      'What was asked for does not exist in this installation: a refresh under a strategy without refresh tokens, a link where nothing sends mail, rotating keys that were imported.',
    seen: ANYBODY,
    client:
      'Do not ask again. Under `session()` there is nothing to refresh, under `jwt()` it is `POST /auth/session/renew`.',
    operator: 'For links: a [mailer](../guides/email.md). `doctor` says so.',
  },
  role_unknown: {
    means: 'A role is named that is not in the catalogue.',
    seen: 'Administrators who give roles, and gateways that ask with `?roles=`.',
    client: 'Show the catalogue, which `detail` has.',
    operator:
      '`roles` in the configuration. From a gateway, the request is let in for nobody until its name is mended.',
  },
  unauthenticated: {
    means:
      'There is no credential, or one that this server has never made, or one that is malformed. Which of them is not told.',
    seen: ANYBODY,
    client: 'Sign in. `WWW-Authenticate` has `error="invalid_token"` when something was shown.',
    operator:
      'Many from one source are the events `token.guessing` and `token.forged`. After a change of `cookies.name`, or of `baseUrl`, which signed tokens name, it is everybody.',
  },
  invalid_credentials: {
    means:
      'The address is unknown, the password is wrong, or the account is locked: the same bytes, after the same time.',
    seen: 'Whoever signs in; and who is signed in and gives their password again, wrongly.',
    client: 'Say just that, and offer to recover the password. Do not guess which of the two is wrong.',
    operator: 'The event `sign_in.failed` has the reason, for your eyes only.',
  },
  signed_out: {
    means: 'Its owner signed out.',
    seen: GENUINE,
    client: SIGN_IN,
    operator: NOTHING,
  },
  session_expired_idle: {
    means: 'The session was not used for longer than the idle limit. Under `jwt()`: its token is over.',
    seen: GENUINE,
    client: `${SIGN_IN} Before it comes to that, show the warning (\`warnAt\`) and offer to stay signed in.`,
    operator:
      'Too many complaints: `timeouts.idle`, or something that does not count as use, such as polls. [Time limits](../guides/time-limits.md).',
  },
  session_expired_absolute: {
    means: 'The session reached its longest duration, however much it was used.',
    seen: GENUINE,
    client: SIGN_IN,
    operator: '`timeouts.absolute`, and `timeouts.remember.absolute` for those who are remembered.',
  },
  session_revoked: {
    means:
      'The session was ended from elsewhere: by its owner on another device, an administrator, a change of password, a reset, everybody’s sign-out. Or its account is gone.',
    seen: GENUINE,
    client: SIGN_IN,
    operator: 'The event `session.ended` says who did it.',
  },
  session_evicted: {
    means: 'The owner signed in elsewhere, more often than `sessionLimit` has it, and this session was the oldest.',
    seen: GENUINE,
    client: SIGN_IN,
    operator: '`sessionLimit.max`, if people have more devices than that.',
  },
  user_locked: {
    means: 'The account was locked, and every session of it ended.',
    seen: `${GENUINE} At sign-in a locked account is \`invalid_credentials\`.`,
    client: 'Forget the tokens, and say whom to ask.',
    operator: '`sallyport users unlock`. The event `user.locked` says who locked it.',
  },
  token_reused: {
    means: 'A spent refresh token was shown after its successor had been in use: two hold one session, so it ended.',
    seen: GENUINE,
    client: `${SIGN_IN} If it happens without a thief, the client puts old tokens back: [rules](../guides/mobile-and-cli.md#rules-for-retrying).`,
    operator: 'The event `token.reused`, a warning: look at the sessions of this user. Its owner is told by mail.',
  },
  token_stale: {
    means:
      'There is a newer token: this access token is over, was made before a re-authentication, or holds older roles.',
    seen: GENUINE,
    client:
      'Under `hybrid()` refresh once and send the request again. Otherwise use the newest token, which another tab may have; if there is none, sign in.',
    operator:
      'All at once: the store lost data or was restored, and everybody’s access tokens are of another epoch. [Operations](../operations.md#restoring-a-backup).',
  },
  reauth_required: {
    means:
      'The session is good, but the proof of who it is too old for this, or came from elsewhere (`onContextChange`).',
    seen: 'Who is signed in.',
    client:
      'Ask for the password, `POST /auth/reauthenticate`, and send the request again. `WWW-Authenticate` has `max_age`, seconds.',
    operator: '`fresh`, `timeouts.sections`, guards `fresh(…)`. [Guards](../guides/guards.md#re-authentication).',
  },
  forbidden: {
    means: 'It is known who asks, and it is not enough: a role is missing, or a guard of yours refused.',
    seen: 'Who is signed in.',
    client: 'Say so. Signing in again changes nothing.',
    operator: 'The event `access.denied`. `sallyport users roles` gives roles, in force at once.',
  },
  insufficient_scope: {
    means: 'The token is good, and does not carry the scope that is asked for.',
    seen: 'Clients of services that use `scope(…)` of `sallyport/verify`.',
    client: 'Get a token with that scope.',
    operator: 'What the service asks for, and what tokens are made with.',
  },
  captcha_required: {
    means: 'A solved task is asked for, and none came, or one that was not good.',
    seen: 'Whoever signs up, asks for a link, or signs in after failures.',
    client: 'Show the task, and send the same request with its answer as `captcha`. An answer is good once.',
    operator: '`captcha.when`. Many `captcha.refused` with solved tasks: site key and secret do not belong together.',
  },
  csrf_rejected: {
    means:
      'The request may change something, is carried by a cookie, and does not prove that it comes from an own page.',
    seen: 'Whoever sends cookies: pages of other sites, and programs without `Origin`.',
    client:
      'From a page: ask from an origin that is listed. From a program: send `Origin`, or the token of `GET /auth/csrf` as `X-CSRF-Token`, or use a bearer token.',
    operator:
      '`baseUrl` is not the address people see, an origin is missing in `cors.origins`, or a proxy takes headers away. [CSRF](../guides/csrf-cors-spa.md).',
  },
  sign_up_closed: {
    means: 'Accounts are made by administrators only.',
    seen: 'Whoever signs up.',
    client: 'Do not offer it.',
    operator: '`signUp`, `SALLYPORT_SIGN_UP`.',
  },
  not_found: {
    means: 'There is no such route, or no such thing; or it is somebody else’s, which is not told apart.',
    seen: ANYBODY,
    client: FIX,
    operator: 'For routes: `basePath`, and what a gateway makes of paths.',
  },
  method_not_allowed: {
    means: 'The route is there, by another method.',
    seen: ANYBODY,
    client: `${FIX} \`Allow\` has the methods.`,
    operator: NOTHING,
  },
  email_taken: {
    means: 'The address has an account.',
    seen: 'Whoever signs up where addresses are not verified; administrators; whoever confirms a change of address too late.',
    client: 'Offer to sign in, or to recover the password.',
    operator: 'With `verifyEmail` it is told to nobody who signs up: the owner gets a message instead.',
  },
  session_limit_reached: {
    means: 'The user has as many sessions as `sessionLimit` allows, and one more is refused.',
    seen: 'Whoever signs in, with the right password.',
    client: 'Say on how many devices they are signed in, and that one has to be ended there.',
    operator: "`sessionLimit.whenFull: 'end-oldest'` ends the oldest instead.",
  },
  conflict: {
    means:
      'What the request goes by has changed meanwhile: the version of a policy, the number of sessions a filter finds, a password, the first administrator.',
    seen: 'Whoever changes something that others change too.',
    client: 'Read it again, decide again. `count` has the number there is, where another was expected.',
    operator: NOTHING,
  },
  payload_too_large: {
    means: 'The body is larger than the route takes.',
    seen: ANYBODY,
    client: `${FIX} \`detail\` has the limit.`,
    operator: 'Own fields that are larger than was thought.',
  },
  uri_too_long: {
    means: 'The address of the request has more than 8192 characters.',
    seen: ANYBODY,
    client: FIX,
    operator: 'A return target that grows with each redirect.',
  },
  unsupported_media_type: {
    means: 'The body is no `application/json` (of the endpoints for services: no form), or it is compressed.',
    seen: ANYBODY,
    client: 'Send `Content-Type: application/json`. It is what keeps forms of other sites out.',
    operator: NOTHING,
  },
  email_invalid: {
    means: 'No mail could go to that address.',
    seen: 'Whoever signs up or changes their address.',
    client: 'Show it at the field.',
    operator: NOTHING,
  },
  policy_invalid: {
    means:
      'Limits that do not go together, such as a warning that is longer than the session, or parts that the configuration has fixed.',
    seen: 'Administrators who change the policy.',
    client: 'Show `detail`: it says what to write instead.',
    operator: '`timeouts.fixed` names what nobody may change.',
  },
  password_too_short: {
    means: 'The password has fewer characters than `password.minLength`, 15 by default.',
    seen: CHOOSES,
    client: CHOOSE,
    operator: '`password.minLength`, never below 8.',
  },
  password_too_long: {
    means: 'The password is longer than what is hashed.',
    seen: CHOOSES,
    client: CHOOSE,
    operator: NOTHING,
  },
  password_common: {
    means: 'The password is among the most common ones, or only a pattern.',
    seen: CHOOSES,
    client: CHOOSE,
    operator: NOTHING,
  },
  password_breached: {
    means: 'The password is known from a breach elsewhere.',
    seen: CHOOSES,
    client: CHOOSE,
    operator: '`password.breached`.',
  },
  password_unchanged: {
    means: 'The new password is the one from before.',
    seen: 'Whoever changes their password.',
    client: CHOOSE,
    operator: NOTHING,
  },
  password_guessable: {
    means: 'The password is little else than the name, the address, the service or a word of `password.context`.',
    seen: CHOOSES,
    client: CHOOSE,
    operator: '`password.context` has further words.',
  },
  throttled: {
    means: 'Too many attempts: of this account, from this source, or of messages.',
    seen: 'Whoever tries again; also the owner of an account that others guess at. Open sessions go on.',
    client: 'Wait for `Retry-After`, seconds. Say how long.',
    operator:
      '`GET /auth/admin/throttles` lists who waits, and lets go on. If it is everybody, `trustedProxies` is missing. [Throttling](../guides/throttling.md).',
  },
  headers_too_large: {
    means: 'The headers have more than 16 KiB.',
    seen: ANYBODY,
    client: 'Fewer or smaller cookies.',
    operator: 'Other applications of the domain that set large cookies.',
  },
  internal: {
    means: 'A fault of the program. Nothing of it is told.',
    seen: ANYBODY,
    client: 'Say that it did not work, with the `requestId`.',
    operator: 'The log has a line at `error` at that time, with the kind of the fault: report it.',
  },
  unavailable: {
    means:
      'The store did not answer, so nobody could be let in; nobody was signed out either. Or a service that has to be asked did not answer and `onFault` is `refuse`.',
    seen: ANYBODY,
    client:
      'Keep the tokens and cookies, wait for `Retry-After`, send it again. An ending that got this may have happened: call it again.',
    operator: '`/readyz` names the part. [What 503 means](../operations.md#what-503-means).',
  },
  overloaded: {
    means: 'More passwords wait to be hashed than the server takes. Everything else goes on.',
    seen: 'Whoever signs in, signs up or gives a password.',
    client: 'Wait for `Retry-After`, send it again.',
    operator: 'More servers, or more cores. `sallyport_hashing_jobs` shows it. [Capacity](../operations.md#capacity).',
  },
}
