import { GoogleGenAI } from '@google/genai'
import { job } from './job.js'
import { FILE_BYTES } from './upload-file.js'

job(async ({ base, key }) => {
  const client = new GoogleGenAI({ apiKey: key, httpOptions: { baseUrl: base, apiVersion: 'v1beta' } })
  const file = new Blob([FILE_BYTES], { type: 'image/png' })
  const { name } = await client.files.upload({ file, config: { displayName: 'größe' } })
  const names = []
  for await (const each of await client.files.list()) names.push(each.name)
  const failure = await client.files.get({ name: 'files/none' }).catch((error) => error.status)
  return { name, names, failure }
})
