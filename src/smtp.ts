export { rendered } from './mail/message.ts'
export { type SmtpOptions, smtp } from './mail/smtp.ts'
