import { createClient } from '@sanity/client'
import { job } from './job.js'

job(async ({ base, key }) => {
  const client = createClient({
    projectId: 'abc',
    dataset: 'production',
    apiVersion: '2025-01-01',
    token: key,
    apiHost: base,
    useProjectHostname: false,
    useCdn: false,
    ignoreBrowserTokenWarning: true,
  })
  const asked = await client.fetch('*[_type == $type]{title}', { type: 'note' })
  const made = await client.create({ _type: 'note', title: 'from sanity' })
  const picture = new File([new Uint8Array(100_000).fill(7)], 'a.png', { type: 'image/png' })
  const kept = await client.assets.upload('image', picture, { filename: 'a.png' })
  const missing = await client.getDocument('none').catch((error) => error)
  return { asked, made: made._id, kept: kept._id, missing: missing.statusCode }
})
