/** How a chat is asked for: OpenAI's chat completions, which most services speak, and Anthropic's messages. */

/** The request for one message to a service, with the placeholder where its clients put the key. */
export function chatRequest(session, model, prompt) {
  const base = session.baseUrls[0].replace(/\/$/, '')
  // Base URLs of presets end at the host; one that its owner gave may hold the version already.
  const root = new URL(base).pathname === '/' ? `${base}/v1` : base
  const messages = [{ role: 'user', content: prompt }]
  if (session.service === 'anthropic') {
    return {
      url: `${root}/messages`,
      headers: {
        'content-type': 'application/json',
        'anthropic-version': '2023-06-01',
        'x-api-key': session.placeholder,
      },
      body: { model, max_tokens: 500, stream: true, messages },
    }
  }
  return {
    url: `${root}/chat/completions`,
    headers: { 'content-type': 'application/json', authorization: `Bearer ${session.placeholder}` },
    body: { model, stream: true, messages },
  }
}

/** The pieces of text in a streamed answer, as they come. */
export async function* pieces(response) {
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader()
  let rest = ''
  for (;;) {
    const { value, done } = await reader.read()
    if (done) return
    const lines = (rest + value).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) {
      const text = textOf(line)
      if (text !== '') yield text
    }
  }
}

function textOf(line) {
  if (!line.startsWith('data:')) return ''
  const json = line.slice(5).trim()
  if (json === '' || json === '[DONE]') return ''
  const event = JSON.parse(json)
  return event.choices?.[0]?.delta?.content ?? event.delta?.text ?? ''
}
