import { expect, test } from 'vitest'
import { schemeOf } from '../../native-host/auth/schemes.ts'
import { PRESETS, presetById } from '../../shared/presets/catalogue.ts'
import { ValueFault } from '../../shared/presets/fill-values.ts'
import { serviceFromPreset } from '../../shared/presets/preset-to-service.ts'

/** Presets whose paths mean something else at an address of another kind. */
const VALUES = { accesskey: 'AKIAIOSFODNN7EXAMPLE' }

function made(id: string, host: string): 'made' | 'refused' {
  const preset = presetById(id)
  if (preset === null) throw new Error(`no preset ${id}`)
  try {
    const service = serviceFromPreset(preset, { id: 'files', baseUrls: [`https://${host}`], values: VALUES })
    // What is made can be signed for: its region is told from the name.
    for (const { auth } of service.auth) expect(schemeOf(auth).flaw?.(auth, service) ?? null).toBeNull()
    return 'made'
  } catch (error) {
    if (!(error instanceof ValueFault)) throw error
    expect(error.message).toContain(`\`${URL.parse(`https://${host}`)?.hostname}\` is of another kind`)
    expect(error.message).toContain(preset.baseUrlHint)
    return 'refused'
  }
}

test.each([
  's3.eu-central-1.amazonaws.com',
  'S3.EU-CENTRAL-1.AMAZONAWS.COM',
  's3.amazonaws.com',
  's3-fips.us-east-1.amazonaws.com',
  's3.dualstack.us-west-2.amazonaws.com',
  's3.cn-north-1.amazonaws.com.cn',
])('%s is the address of all buckets: a preset for one would open all of them', (host) => {
  expect([made('aws-s3', host), made('aws-s3-bucket', host)]).toEqual(['made', 'refused'])
})

test.each([
  'my-bucket.s3.eu-central-1.amazonaws.com',
  'My-Bucket.S3.Eu-Central-1.Amazonaws.Com',
  'dotted.name.s3.eu-central-1.amazonaws.com',
  's3-of-mine.s3.eu-central-1.amazonaws.com',
  'my-bucket.s3.amazonaws.com',
  'my-bucket.s3.dualstack.us-west-2.amazonaws.com',
  'my-bucket.s3-fips.us-east-1.amazonaws.com',
  'my-bucket.s3.cn-north-1.amazonaws.com.cn',
])('%s is the address of one bucket, whose name no path has', (host) => {
  expect([made('aws-s3', host), made('aws-s3-bucket', host)]).toEqual(['refused', 'made'])
})

test.each(['s3.eu-central-003.backblazeb2.com', 's3-eu.storage.example'])('nor one of %s', (host) => {
  expect(made('aws-s3-bucket', host)).toBe('refused')
})

test('every preset with a shape of its own takes the address it shows', () => {
  const shaped = PRESETS.filter(({ hostShape }) => hostShape !== undefined)
  expect(shaped.length).toBeGreaterThan(1)
  for (const { id, baseUrlHint = '' } of shaped) expect(made(id, new URL(baseUrlHint).host)).toBe('made')
})
