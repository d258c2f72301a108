import { DeepgramClient } from '@deepgram/sdk'
import { job } from './job.js'
import { RECORDING } from './recording.js'

job(async ({ base, key }) => {
  const deepgram = new DeepgramClient({
    apiKey: key,
    baseUrl: base,
    environment: { base, production: base, agent: base, agentRest: base },
  })
  const answer = await deepgram.listen.v1.media.transcribeFile(new Blob([RECORDING], { type: 'audio/wav' }), {
    model: 'nova-3',
  })
  return { said: answer.results.channels[0].alternatives[0].transcript }
})
