import { createHash } from 'node:crypto'
import { request } from 'node:http'
import { describe, expect, test } from 'vitest'
import { authorizationAddress, newAttempt } from '../../native-host/authorizing/authorization-request.ts'
import { listenForCallback } from '../../native-host/authorizing/listen-for-callback.ts'
import { readCallback } from '../../native-host/authorizing/read-callback.ts'
import { checkAuthorizationUrl } from '../../native-host/policy/authorization-url.ts'

const STATE = 'state-0123456789-state'
const expected = { state: STATE, issuer: null, authorizationUrl: 'https://sign-in.example/oauth/authorize' }
const read = (query: string, issuer: string | null = null) =>
  readCallback(new URLSearchParams(query), { ...expected, issuer })

describe('the address of a sign-in', () => {
  test('is that of RFC 7636 with the challenge of its verifier, and keeps what the owner put there', () => {
    const attempt = newAttempt()
    const client = {
      authorizationUrl: 'https://a.example/go?access_type=offline&state=old',
      clientId: 'c d',
      scope: 'x y',
    }
    const url = new URL(authorizationAddress(client, attempt, 'http://127.0.0.1:1234/callback'))
    expect(Object.fromEntries(url.searchParams)).toEqual({
      access_type: 'offline',
      response_type: 'code',
      client_id: 'c d',
      redirect_uri: 'http://127.0.0.1:1234/callback',
      scope: 'x y',
      state: attempt.state,
      code_challenge: createHash('sha256').update(attempt.verifier).digest('base64url'),
      code_challenge_method: 'S256',
    })
    expect(url.searchParams.getAll('state')).toHaveLength(1)
    expect(attempt.verifier).toMatch(/^[\w-]{43}$/)
  })

  test('is another each time', () => {
    const texts = Array.from({ length: 20 }, newAttempt).flatMap(({ state, verifier }) => [state, verifier])
    expect(new Set(texts).size).toBe(40)
  })

  test.each([
    'http://sign-in.example/a',
    'ftp://x/',
    'https://u:p@x.example/',
    'https://x.example/#a',
    'x',
    'http://localhost/a',
  ])('is refused at %s', (url) => expect(() => checkAuthorizationUrl(url)).toThrow('the authorization URL'))

  test.each(['https://sign-in.example/a?b=c', 'http://127.0.0.1:8080/auth', 'http://[::1]:1/'])(
    'may be %s',
    (url) => expect(() => checkAuthorizationUrl(url)).not.toThrow(),
  )
})

describe('the answer to a sign-in', () => {
  test.each([
    ['a code', `state=${STATE}&code=abc`, { code: 'abc' }],
    [
      'a code of the server that was asked',
      `state=${STATE}&code=abc&iss=https://sign-in.example/x`,
      { code: 'abc' },
    ],
    [
      'a code of another server',
      `state=${STATE}&code=abc&iss=https://evil.example`,
      { fault: 'other-issuer' },
    ],
    [
      'two issuers',
      `state=${STATE}&code=abc&iss=https://sign-in.example&iss=https://evil.example`,
      { fault: 'other-issuer' },
    ],
    ['no', `state=${STATE}&error=access_denied&error_description=%3Cb%3E`, { fault: 'access-denied' }],
    ['an unknown error', `state=${STATE}&error=toString`, { fault: 'refused' }],
    ['a code and an error', `state=${STATE}&code=a&error=access_denied`, { fault: 'malformed' }],
    ['two codes', `state=${STATE}&code=a&code=b`, { fault: 'malformed' }],
    ['nothing', `state=${STATE}`, { fault: 'malformed' }],
    ['an empty code', `state=${STATE}&code=`, { fault: 'malformed' }],
    ['a code with a line break', `state=${STATE}&code=a%0Ab`, { fault: 'malformed' }],
    ['a code without end', `state=${STATE}&code=${'a'.repeat(5000)}`, { fault: 'malformed' }],
    ['another state', 'state=state-0123456789-statf&code=abc', null],
    ['a part of the state', 'state=state-0123456789&code=abc', null],
    ['no state', 'code=abc', null],
    ['two states', `state=${STATE}&state=${STATE}&code=abc`, null],
  ])('may be %s', (_what, query, callback) => expect(read(query)).toEqual(callback))

  test('names the issuer where the owner named one', () => {
    const [mine, other] = ['https://issuer.example', 'https://issuer.example/']
    expect(read(`state=${STATE}&code=a&iss=${mine}`, mine)).toEqual({ code: 'a' })
    expect(read(`state=${STATE}&code=a&iss=${other}`, mine)).toEqual({ fault: 'other-issuer' })
    expect(read(`state=${STATE}&code=a`, mine)).toEqual({ fault: 'other-issuer' })
  })
})

describe('the listener', () => {
  /** The status a request gets; `host` as a page with a name of its own would send it. */
  const ask = (
    url: string,
    options: { host?: string; method?: string } = {},
  ): Promise<{ status?: number; text: string }> =>
    new Promise((resolve, reject) => {
      const headers = options.host === undefined ? {} : { host: options.host }
      const sent = request(url, { method: options.method ?? 'GET', headers, agent: false }, (response) => {
        let text = ''
        response.setEncoding('utf8').on('data', (part) => (text += part))
        response.on('end', () =>
          resolve({ ...(response.statusCode === undefined ? {} : { status: response.statusCode }), text }),
        )
      })
      sent.on('error', reject)
      sent.end()
    })

  test('takes the one answer, is then gone, and shows nothing of it', async () => {
    const { redirectUri, answer } = await listenForCallback(expected, new AbortController().signal)
    expect(redirectUri).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/callback$/)
    const right = `${redirectUri}?state=${STATE}&code=the-code`
    expect((await ask(`${redirectUri}?state=wrong&code=x`)).status).toBe(404)
    expect((await ask(right.replace('/callback', '/other'))).status).toBe(404)
    expect((await ask(right, { host: 'rebound.example' })).status).toBe(404)
    expect((await ask(right, { method: 'POST' })).status).toBe(404)
    const { status, text } = await ask(right)
    expect([status, text.includes('the-code'), text.includes(STATE)]).toEqual([200, false, false])
    expect(await answer).toEqual({ code: 'the-code' })
    await expect(ask(right)).rejects.toMatchObject({ code: 'ECONNREFUSED' })
  })

  test('is gone when its time is over or the owner gives up', async () => {
    const end = new AbortController()
    const { redirectUri, answer } = await listenForCallback(expected, end.signal)
    end.abort(new Error('over'))
    await expect(answer).rejects.toThrow('over')
    await expect(ask(redirectUri)).rejects.toMatchObject({ code: 'ECONNREFUSED' })
  })
})
