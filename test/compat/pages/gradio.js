import { Client } from '@gradio/client'
import { job } from './job.js'

job(async ({ base, key, prompt, piece }) => {
  const app = await Client.connect(base, { token: key, events: ['data', 'status'] })
  let said = ''
  const stages = new Set()
  for await (const event of app.submit('/say', [prompt])) {
    if (event.type === 'status') stages.add(event.stage)
    if (event.type !== 'data') continue
    piece(event.data[0].slice(said.length))
    said = event.data[0]
  }
  return { said, stages: [...stages] }
})
