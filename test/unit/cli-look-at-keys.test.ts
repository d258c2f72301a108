import { describe, expect, test } from 'vitest'
import { lookAtKeys } from '../../native-host/cli/look-at-keys.ts'
import type { Preset } from '../../shared/model/preset.ts'
import { presetById } from '../../shared/presets/catalogue.ts'

const BODY = 'Q7w2Er5Ty8Ui1Op4As6Df9Gh3Jk0LzXcVbNm'
const KEY = `sk-proj-${BODY}`

function look(text: string, service = 'openai') {
  const remarks: string[] = []
  const secrets = new Map([['token', Buffer.from(text)]])
  const looked = lookAtKeys(secrets, presetById(service) as Preset, (remark) => remarks.push(remark))
  return { key: Buffer.from(looked.get('token') ?? []).toString(), remarks }
}

describe('a key given to `service add`', () => {
  test('is stored as it is, without a word, where it is plainly one of the service', () => {
    expect(look(KEY)).toEqual({ key: KEY, remarks: [] })
  })

  test('loses what was pasted along with it, and that is said', () => {
    const { key, remarks } = look(`OPENAI_API_KEY="Bearer ${KEY} "`)
    expect(key).toBe(KEY)
    expect(remarks.join(' ')).toMatch(/the name it was assigned to.*quotes.*white space/s)
  })

  test.each([
    [`sk-admin-${BODY}`, 'openai', /admin key.*use a project key/],
    [`sk_live_${BODY}`, 'stripe', /live secret key.*real money/],
    [KEY, 'anthropic', /shape is that of OpenAI \(project key\), and it is stored for Anthropic/],
    ['gsk_cutshort', 'groq', /does not look like a key of Groq \(gsk_…\)/],
  ])('%s for %s is stored with a warning', (text, service, warning) => {
    const { key, remarks } = look(text, service)
    expect(key).toBe(text)
    expect(remarks.join(' ')).toMatch(warning)
  })

  test('is refused where it is the placeholder', () => {
    const { placeholder } = presetById('openai') as Preset
    expect(() => look(placeholder)).toThrow('placeholder')
  })

  test('no remark holds anything of it', () => {
    for (const text of [
      `"Bearer ${KEY}"`,
      `sk-admin-${BODY}`,
      `sk_live_${BODY}`,
      `gsk_${BODY.slice(0, 9)}`,
    ]) {
      for (const service of ['openai', 'stripe', 'groq', 'anthropic']) {
        const said = look(text, service).remarks.join(' ')
        expect(said).not.toContain(BODY.slice(0, 6))
      }
    }
  })

  test('of several lines, with white space at an end, or of no text at all, is left alone', () => {
    for (const slip of [` ${KEY}`, `Bearer ${KEY}\n`, `${KEY}\t`])
      expect(look(slip)).toEqual({ key: slip, remarks: [] })
    const pem = '-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----'
    expect(look(pem).key).toBe(pem)
    const bytes = Uint8Array.of(0xff, 0xfe, 1)
    const looked = lookAtKeys(new Map([['token', bytes]]), presetById('openai') as Preset, () => {})
    expect(looked.get('token')).toEqual(bytes)
  })
})
