import { createHmac } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { verifyWebhook, webhookSecret } from '../../src/webhooks.ts'
import { webhookHeaders, webhookKey } from '../../src/wire/webhook.ts'

const SECRET = `whsec_${Buffer.alloc(32, 7).toString('base64')}`
const OTHER = `whsec_${Buffer.alloc(32, 8).toString('base64')}`
const AT = 1_800_000_000
const BODY = JSON.stringify({ type: 'session.ended', timestamp: '2027-01-15T08:00:00.000Z', data: { id: 'é🦊' } })
const signed = webhookHeaders({ id: 'msg_1', at: AT, body: BODY }, [SECRET])

const judge = (headers: Record<string, string>, body = BODY, secret: string | string[] = SECRET, at = AT) =>
  verifyWebhook(new Headers(headers), body, secret, at * 1000)

describe('the signature of a webhook', () => {
  it('is that of Standard Webhooks', () => {
    const key = Buffer.from(SECRET.slice('whsec_'.length), 'base64')
    const wanted = createHmac('sha256', key).update(`msg_1.${AT}.${BODY}`).digest('base64')
    expect(signed).toEqual({ 'webhook-id': 'msg_1', 'webhook-timestamp': `${AT}`, 'webhook-signature': `v1,${wanted}` })
  })

  it('is taken by whoever has the secret, also while it is rotated, from either side', () => {
    const good = { ok: true, id: 'msg_1', type: 'session.ended', data: { id: 'é🦊' } }
    expect(judge(signed)).toMatchObject(good)
    expect(judge(signed, BODY, [OTHER, SECRET])).toMatchObject(good)
    const both = webhookHeaders({ id: 'msg_1', at: AT, body: BODY }, [OTHER, SECRET])
    expect(judge(both)).toMatchObject(good)
    expect(judge(both, BODY, OTHER)).toMatchObject(good)
  })

  it('another body, id, time, secret, version or cut signature is refused', () => {
    const { 'webhook-signature': signature = '' } = signed
    for (const change of [
      { 'webhook-id': 'msg_2' },
      { 'webhook-timestamp': `${AT + 1}` },
      { 'webhook-signature': signature.replace('v1,', 'v2,') },
      { 'webhook-signature': signature.slice(0, -1) },
      { 'webhook-signature': signature.slice(3) },
      { 'webhook-signature': `${'v1,x '.repeat(16)}${signature}` },
    ]) {
      expect(judge({ ...signed, ...change })).toEqual({ ok: false, flaw: 'signature' })
    }
    expect(judge(signed, `${BODY} `)).toEqual({ ok: false, flaw: 'signature' })
    expect(judge(signed, BODY, OTHER)).toEqual({ ok: false, flaw: 'signature' })
  })

  it('is good for five minutes in either direction', () => {
    for (const [offset, ok] of [
      [300, true],
      [301, false],
      [-300, true],
      [-301, false],
    ] as const) {
      expect(judge(signed, BODY, SECRET, AT + offset)).toMatchObject(ok ? { ok } : { ok, flaw: 'stale' })
    }
  })

  it('what lacks a header, or is no payload, is malformed', () => {
    for (const name of Object.keys(signed)) {
      const { [name]: _, ...rest } = signed
      expect(judge(rest)).toEqual({ ok: false, flaw: 'malformed' })
    }
    expect(judge({ ...signed, 'webhook-timestamp': '1e9' })).toEqual({ ok: false, flaw: 'malformed' })
    for (const body of ['', '[]', 'null', '{"type":1,"timestamp":"x"}', '{"type":"x"}']) {
      expect(judge(webhookHeaders({ id: 'm', at: AT, body }, [SECRET]), body)).toEqual({ ok: false, flaw: 'malformed' })
    }
  })

  it('KM-07: a weak secret, or none, is an error and not a refusal', () => {
    for (const secret of ['', 'whsec_', SECRET.slice(6), `whsec_${'A'.repeat(20)}`, `whsec_${'%'.repeat(40)}`, []]) {
      expect(() => verifyWebhook(new Headers(signed), BODY, secret, AT * 1000)).toThrow(TypeError)
    }
    const made = webhookSecret()
    expect(webhookKey(made)).toHaveLength(32)
    expect(made).not.toBe(webhookSecret())
  })
})
