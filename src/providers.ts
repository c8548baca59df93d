export type { BreachedOptions, BreachedRange, CaptchaOptions, CaptchaWidget } from './checks.ts'
export { haveIBeenPwned } from './providers/have-i-been-pwned.ts'
export { type Captcha, hcaptcha, type SiteverifyOptions, turnstile } from './providers/siteverify.ts'
