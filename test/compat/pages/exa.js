import Exa from 'exa-js'
import { job } from './job.js'

job(async ({ base, key, piece }) => {
  const exa = new Exa(key, base)
  const { results } = await exa.search('notes', { numResults: 1, contents: false })
  for await (const { content } of exa.streamAnswer('why?')) piece(content)
  const failure = await exa.findSimilar('https://none.test').catch((error) => error)
  return { found: results.map(({ url }) => url), failure: failure.statusCode }
})
