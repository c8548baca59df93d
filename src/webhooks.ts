export type { EventPattern, WebhookOptions } from './webhook.ts'
export { type VerifiedWebhook, verifyWebhook, type WebhookFlaw, webhookSecret } from './wire/webhook.ts'
