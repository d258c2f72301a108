import { ElevenLabsClient } from '@elevenlabs/elevenlabs-js'
import { job } from './job.js'

job(async ({ base, key, prompt, piece }) => {
  const client = new ElevenLabsClient({ apiKey: key, baseUrl: base, environment: base })
  const stream = await client.textToSpeech.convert('some-voice', { text: prompt }, { maxRetries: 0 })
  const reader = stream.getReader()
  let bytes = 0
  for (let next = await reader.read(); !next.done; next = await reader.read()) {
    bytes += next.value.byteLength
    piece('.')
  }
  return { bytes }
})
