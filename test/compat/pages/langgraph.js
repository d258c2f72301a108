import { MessagesAnnotation, StateGraph } from '@langchain/langgraph/web'
import { ChatOpenAI } from '@langchain/openai'
import { job } from './job.js'

/** A graph of one node, whose model's words are read as they come. */
job(async ({ base, key, prompt, piece }) => {
  const model = new ChatOpenAI({
    apiKey: key,
    model: 'gpt-5',
    maxRetries: 0,
    streaming: true,
    configuration: { baseURL: `${base}/v1`, dangerouslyAllowBrowser: true },
  })
  const answer = async ({ messages }, config) => ({ messages: [await model.invoke(messages, config)] })
  const graph = new StateGraph(MessagesAnnotation)
    .addNode('answer', answer)
    .addEdge('__start__', 'answer')
    .addEdge('answer', '__end__')
    .compile()
  const asked = { messages: [{ role: 'user', content: prompt }] }
  for await (const [chunk] of await graph.stream(asked, { streamMode: 'messages' })) piece(chunk.text)
})
