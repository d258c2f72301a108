import { HttpAgent } from '@ag-ui/client'
import { job } from './job.js'

job(async ({ base, key, prompt, piece }) => {
  const agent = new HttpAgent({
    url: `${base}/agent`,
    headers: { Authorization: `Bearer ${key}` },
    threadId: 'thread-1',
    initialMessages: [{ id: 'm0', role: 'user', content: prompt }],
  })
  const events = []
  const { newMessages } = await agent.runAgent(
    { runId: 'run-1' },
    {
      onEvent: ({ event }) => void events.push(event.type),
      onTextMessageContentEvent: ({ event }) => void piece(event.delta),
    },
  )
  return { events: [...new Set(events)], messages: newMessages.map(({ role }) => role) }
})
