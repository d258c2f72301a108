import { AssemblyAI } from 'assemblyai'
import { job } from './job.js'
import { RECORDING } from './recording.js'

job(async ({ base, key }) => {
  const client = new AssemblyAI({ apiKey: key, baseUrl: base })
  const audio = new Blob([RECORDING])
  const { text, status } = await client.transcripts.transcribe({ audio }, { pollingInterval: 1 })
  return { said: text, status }
})
