export { rendered } from './mail/rendered.ts'
export { type SmtpOptions, smtp } from './mail/smtp.ts'
