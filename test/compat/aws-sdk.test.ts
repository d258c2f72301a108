import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { onEachBrowser, type Scene } from '../e2e/scene.ts'
import { type PageServer, startPageServer } from '../support/pages/page-server.ts'
import { arrivalText, headerOf } from '../support/upstreams/journal.ts'
import { type BundledPages, bundlePages, pageOf } from './bundle-pages.ts'
import { PLACEHOLDER, runJob } from './run-job.ts'
import { BUCKET, type S3Upstream, startS3Upstream } from './upstreams/s3-upstream.ts'
import { versionOf } from './version-of.ts'

/** AWS's own SDK, which signs with a placeholder, before a server that verifies every signature. */
const ACCESS_KEY = 'AKIAIOSFODNN7EXAMPLE'
const REGION = 'eu-west-1'

let bundles: BundledPages
beforeAll(async () => {
  bundles = await bundlePages(['aws-s3'])
})
afterAll(() => bundles?.remove())

onEachBrowser(`@aws-sdk/client-s3 ${versionOf('@aws-sdk/client-s3')}, unmodified`, (scene) => {
  let site: PageServer
  let upstream: S3Upstream
  beforeAll(async () => {
    const secret = scene.canary('aws')
    const keys = { accessKeyId: ACCESS_KEY, secret, sessionToken: null, region: REGION, service: 's3' }
    upstream = await startS3Upstream(keys)
    const folders = { '/compat/': bundles.folder }
    site = await startPageServer({ pages: { '/aws-s3': pageOf('aws-s3') }, folders })
    await addService(scene, secret, 'aws-s3', `http://127.0.0.1:${upstream.port}`)
    await addService(scene, secret, 'aws-s3-bucket', `http://${BUCKET}.s3.test:${upstream.port}`)
    for (const name of ['s3-read', 's3-write', 's3-bucket-read', 's3-bucket-write'])
      await scene.grant(site.origin, name)
  })
  beforeEach(() => {
    upstream.objects.clear()
    upstream.faults.length = 0
    upstream.journal.clear()
  })
  afterAll(() => Promise.all([upstream, site].map((each) => each?.close())))

  test.each([
    ['the bucket in the path', '127.0.0.1'],
    ['the bucket in the host name', 's3.test'],
  ])('writes, lists and reads, with %s; what is not granted it is refused', async (_, host) => {
    const page = await scene.open(`${site.origin}/aws-s3`)
    const server = { url: `http://${host}:${upstream.port}`, held: 0, release: () => {} }
    const { result } = await runJob(page, { server })
    expect(upstream.faults).toEqual([])
    expect(result).toMatchObject({
      put: 200,
      names: ['uploads/a b+€.txt', 'uploads/bytes'],
      got: 'from the page: 1 €',
      missing: ['NoSuchKey', 404],
      deleted: [expect.any(String), 403],
      elsewhere: [expect.any(String), 403],
    })
    expect(upstream.objects.get('uploads/bytes')).toEqual(Buffer.from([0, 1, 2, 255]))
    expect(upstream.journal.calls.map(({ method }) => method)).toEqual(['PUT', 'PUT', 'GET', 'GET', 'GET'])
    for (const arrival of upstream.journal.calls) {
      expect(headerOf(arrival, 'authorization')).toContain(`Credential=${ACCESS_KEY}/`)
      expect(arrivalText(arrival)).not.toContain(PLACEHOLDER)
    }
    await page.close()
  })
})

/** As its owner adds it, at another address than AWS's own; and all that its preset offers. */
async function addService(scene: Scene, secret: string, preset: string, url: string): Promise<void> {
  const { valetkey } = scene.stage
  const sets = (all: string[]) => all.flatMap((set) => ['--set', set])
  const how = [
    '--auth',
    'sigv4',
    ...sets([`access-key-id=${ACCESS_KEY}`, `region=${REGION}`, 'aws-service=s3']),
  ]
  const where = ['--base-url', url, '--local', ...(url.includes('127.') ? [] : ['--address', '127.0.0.1'])]
  await valetkey.ask(
    ['service', 'add', preset, '--preset', preset, ...where, ...how, '--secret-stdin'],
    secret,
  )
  const path = preset === 'aws-s3' ? [`bucket=${BUCKET}`] : []
  const own = preset.replace('aws-', '')
  for (const [name, values] of [
    [`${own}-read`, path],
    [`${own}-write`, [...path, 'folder=uploads']],
  ] as const)
    await valetkey.ask([
      ...['capability', 'add', name, '--service', preset, '--from-preset', name],
      ...sets([...values]),
    ])
}
