import { createAlova } from 'alova'
import adapterFetch from 'alova/fetch'
import { job } from './job.js'

job(async ({ base, key }) => {
  const client = createAlova({
    baseURL: base,
    requestAdapter: adapterFetch(),
    beforeRequest: (method) => {
      method.config.headers.authorization = `Bearer ${key}`
    },
    responded: async (response) => {
      if (!response.ok) throw new Error(`status ${response.status}`)
      return response.json()
    },
  })
  const made = await client.Post('/notes', { title: 'from alova' })
  // Both at once: it shares one call between them.
  const both = await Promise.all([client.Get('/notes/first'), client.Get('/notes/first')])
  const missing = await client.Get('/notes/missing').catch((error) => error)
  return { made, both, missing: missing.message }
})
