import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readForm } from '../../src/pages/form.ts'
import { isForm, parseForm } from '../../src/wire/form.ts'
import { fixed } from '../support/property.ts'

const code = (text: string) => {
  const result = parseForm(text)
  return result.ok ? null : result.refusal.code
}

function post(body: BodyInit, headers: Record<string, string> = {}) {
  return readForm(new Request('https://app.example/', { method: 'POST', body, headers, duplex: 'half' } as RequestInit))
}

describe('forms', () => {
  it('reads what any browser writes', () => {
    const pairs = fc.uniqueArray(fc.tuple(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'grapheme' })), {
      selector: ([name]) => name,
      maxLength: 40,
    })
    fc.assert(
      fc.property(pairs, (fields) => {
        const read = parseForm(String(new URLSearchParams(fields)))
        expect(read.ok && [...read.value]).toEqual(fields)
      }),
      fixed(),
    )
  })

  it('ER-05: refuses a field that stands twice, in whatever spelling', () => {
    expect(code('password=a&password=b')).toBe('invalid_request')
    expect(code('password=a&p%61ssword=b')).toBe('invalid_request')
    expect(code('a&a=')).toBe('invalid_request')
  })

  it('PW-04: refuses what is no Unicode text instead of mending it', async () => {
    for (const text of ['a=%', 'a=%zz', 'a=%ff', 'a=%ed%a0%80', '%c3=a']) expect(code(text)).toBe('invalid_request')
    const bytes = await post(new Uint8Array([0x61, 0x3d, 0xff]))
    expect(bytes.ok).toBe(false)
  })

  it('takes unescaped UTF-8 as it is', async () => {
    const read = await post('name=Zoë')
    expect(read.ok && read.value.get('name')).toBe('Zoë')
  })

  it('bounds fields and bytes, declared or not', async () => {
    const many = Array.from({ length: 41 }, (_, at) => `f${at}=`).join('&')
    expect(code(many)).toBe('invalid_request')
    expect(await post('a=1', { 'content-length': '20000' })).toMatchObject({ refusal: { code: 'payload_too_large' } })
    let sent = 0
    const endless = new ReadableStream<Uint8Array>({
      pull(controller) {
        sent += 4096
        controller.enqueue(new Uint8Array(4096).fill(0x61))
      },
    })
    expect(await post(endless)).toMatchObject({ refusal: { code: 'payload_too_large' } })
    expect(sent).toBeLessThan(100_000)
  })

  it('calls only the one content type a form', () => {
    const form = 'application/x-www-form-urlencoded'
    expect([form, `${form};charset=UTF-8`, `${form} ; charset="utf-8"`].map(isForm)).toEqual([true, true, true])
    const others = [
      null,
      '',
      'text/plain',
      'multipart/form-data',
      `${form}, ${form}`,
      `${form}; charset=latin1`,
      'application/json',
    ]
    expect(others.map(isForm)).toEqual(others.map(() => false))
  })
})
