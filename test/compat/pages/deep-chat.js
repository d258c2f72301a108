import 'deep-chat'
import { job } from './job.js'

/** Its element, made to speak with a service of OpenAI's kind by the two interceptors its documentation has for that. */
job(async ({ base, key, prompt, piece }) => {
  const chat = document.createElement('deep-chat')
  chat.connect = {
    url: `${base}/v1/chat/completions`,
    method: 'POST',
    headers: { authorization: `Bearer ${key}` },
    stream: true,
  }
  chat.requestInterceptor = (details) => {
    const messages = details.body.messages.map(({ role, text }) => ({ role, content: text }))
    return { ...details, body: { model: 'gpt-5', stream: true, messages } }
  }
  chat.responseInterceptor = ({ choices }) => {
    const text = choices?.[0]?.delta?.content ?? ''
    piece(text)
    return { text }
  }
  const shown = new Promise((resolve, reject) => {
    chat.onMessage = ({ message }) => {
      if (message.role === 'ai') resolve(message.text)
    }
    chat.onError = (error) => reject(new Error(JSON.stringify(error)))
  })
  const isRendered = new Promise((resolve) => {
    chat.onComponentRender = resolve
  })
  document.body.append(chat)
  await isRendered
  chat.submitUserMessage({ text: prompt })
  return { shown: await shown }
})
