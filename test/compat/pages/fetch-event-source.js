import { fetchEventSource } from '@microsoft/fetch-event-source'
import { job } from './job.js'

job(async ({ base, key, prompt, piece }) => {
  const outcome = {}
  await fetchEventSource(`${base}/v1/chat/completions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: JSON.stringify({ model: 'gpt-5', stream: true, messages: [{ role: 'user', content: prompt }] }),
    openWhenHidden: true,
    onopen: async (response) => {
      outcome.status = response.status
    },
    onmessage: ({ data }) => {
      if (data !== '[DONE]') piece(JSON.parse(data).choices[0]?.delta?.content)
    },
    onerror: (error) => {
      throw error
    },
  })
  return outcome
})
