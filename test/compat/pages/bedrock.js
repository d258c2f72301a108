import { BedrockRuntimeClient, ConverseStreamCommand } from '@aws-sdk/client-bedrock-runtime'
import { job } from './job.js'

job(async ({ base, key, prompt, piece }) => {
  const client = new BedrockRuntimeClient({
    region: 'eu-central-1',
    endpoint: base,
    token: { token: key },
    authSchemePreference: ['httpBearerAuth'],
    maxAttempts: 1,
  })
  const ask = (modelId) =>
    client.send(
      new ConverseStreamCommand({ modelId, messages: [{ role: 'user', content: [{ text: prompt }] }] }),
    )
  let stopReason
  for await (const event of (await ask('anthropic.claude:0')).stream) {
    piece(event.contentBlockDelta?.delta?.text)
    stopReason ??= event.messageStop?.stopReason
  }
  const failure = await ask('none').catch((error) => error)
  return { stopReason, failure: [failure.name, failure.$metadata.httpStatusCode] }
})
