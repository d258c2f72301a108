import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import {
  AWS_ALGORITHM,
  awsDate,
  awsSignature,
  canonicalRequest,
  credentialScope,
  sha256Hex,
  signedHeaders,
  stringToSign,
  type ToSign,
} from '../../native-host/auth/aws-signature.ts'
import { percentEncoded } from '../../native-host/auth/percent-encoded.ts'
import { done } from '../support/hard.ts'

/** AWS's own cases, which stay beside the project: see the README there. */
const CASES = new URL('../../../shared/vectors/third-party/aws-sigv4/v4/', import.meta.url)
const names = existsSync(CASES) ? readdirSync(CASES).sort() : []

interface Context {
  credentials: { access_key_id: string; secret_access_key: string; token?: string }
  expiration_in_seconds: number
  normalize: boolean
  region: string
  service: string
  sign_body: boolean
  timestamp: string
  omit_session_token?: boolean
}

const fileOf = (name: string, file: string) => readFileSync(new URL(`${name}/${file}`, CASES), 'utf8')

/** A request as the cases write it: a line each, folded ones begin with a blank; the body behind an empty line. */
function requestOf(text: string) {
  const [head = '', ...rest] = text.split('\n\n')
  const [line = '', ...lines] = head
    .replace(/\n[ \t]+/g, ' ')
    .trimEnd()
    .split('\n')
  const [, method = '', target = ''] = /^(\S+) (.*) HTTP\/1\.1$/.exec(line) ?? []
  const headers = lines.map((each): [string, string] => {
    const at = each.indexOf(':')
    return [each.slice(0, at), each.slice(at + 1)]
  })
  const mark = target.indexOf('?')
  const [path, query] = mark === -1 ? [target, ''] : [target.slice(0, mark), target.slice(mark + 1)]
  return { method, path, query, headers, body: rest.join('\n\n') }
}

function caseOf(name: string) {
  const context = JSON.parse(fileOf(name, 'context.json')) as Context
  const claimed = requestOf(fileOf(name, 'request.txt'))
  const about = {
    date: awsDate(Date.parse(context.timestamp)),
    region: context.region,
    service: context.service,
  }
  const payload = sha256Hex(context.sign_body ? claimed.body : '')
  return { context, claimed, about, payload, plainPath: !context.normalize }
}

function expectSigned(
  name: string,
  style: string,
  request: ToSign,
  { context, about }: ReturnType<typeof caseOf>,
) {
  const canonical = canonicalRequest(request)
  expect(canonical).toBe(fileOf(name, `${style}-canonical-request.txt`))
  const text = stringToSign(canonical, about)
  expect(text).toBe(fileOf(name, `${style}-string-to-sign.txt`))
  const signature = awsSignature(context.credentials.secret_access_key, text, about).toString('hex')
  expect(signature).toBe(fileOf(name, `${style}-signature.txt`).trim())
  return signature
}

let signed = 0
test.each(names)('in headers: %s', (name) => {
  const one = caseOf(name)
  const { context, claimed, about, payload } = one
  const own: [string, string][] = [['x-amz-date', about.date]]
  const { token } = context.credentials
  if (token !== undefined && context.omit_session_token !== true) own.push(['x-amz-security-token', token])
  if (context.sign_body) own.push(['x-amz-content-sha256', payload])
  const request = { ...claimed, headers: [...claimed.headers, ...own], payload, plainPath: one.plainPath }
  const signature = expectSigned(name, 'header', request, one)
  expect(fileOf(name, 'header-signed-request.txt')).toContain(
    `Authorization:${AWS_ALGORITHM} Credential=${context.credentials.access_key_id}/${credentialScope(about)}, SignedHeaders=${signedHeaders(request.headers)}, Signature=${signature}`,
  )
  signed++
})

test.each(names)('in the address: %s', (name) => {
  const one = caseOf(name)
  const { context, claimed, about, payload } = one
  const { token, access_key_id: id } = context.credentials
  const pairs = {
    'X-Amz-Algorithm': AWS_ALGORITHM,
    'X-Amz-Credential': `${id}/${credentialScope(about)}`,
    'X-Amz-Date': about.date,
    'X-Amz-SignedHeaders': signedHeaders(claimed.headers),
    'X-Amz-Expires': String(context.expiration_in_seconds),
    ...(token === undefined || context.omit_session_token === true ? {} : { 'X-Amz-Security-Token': token }),
  }
  const own = Object.entries(pairs).map(([key, value]) => `${key}=${percentEncoded(value)}`)
  const query = [...(claimed.query === '' ? [] : [claimed.query]), ...own].join('&')
  const signature = expectSigned(name, 'query', { ...claimed, query, payload, plainPath: one.plainPath }, one)
  expect(fileOf(name, 'query-signed-request.txt')).toContain(`&X-Amz-Signature=${signature}`)
  signed++
})

test('all of AWS’s cases were signed in both styles', ({ skip }) => {
  if (names.length === 0)
    skip('the cases are not beside the project: ../shared/vectors/third-party/aws-sigv4')
  expect(signed).toBe(76)
  done('requests signed as AWS’s own cases are, in both styles', signed)
})
