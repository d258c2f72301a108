import { PageAgent } from 'page-agent'
import { job } from './job.js'

job(async ({ base, key }) => {
  const button = document.createElement('button')
  button.textContent = 'Buy'
  let clicks = 0
  button.addEventListener('click', () => {
    clicks += 1
  })
  document.body.append(button)
  const agent = new PageAgent({ apiKey: key, baseURL: `${base}/v1`, model: 'a-model', language: 'en-US' })
  const { success, data } = await agent.execute('Click on Buy')
  return { success, said: data, clicks }
})
