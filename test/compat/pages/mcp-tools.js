/** Use an MCP server: its list, a tool that reports progress until another one is called, a tool that there is not. */
export async function useTools(client, transport) {
  await client.connect(transport)
  const { tools } = await client.listTools()
  const seen = []
  const waited = await client.callTool({ name: 'wait', arguments: {} }, undefined, {
    onprogress: ({ progress }) => {
      seen.push(progress)
      if (progress === 1) client.callTool({ name: 'go', arguments: {} })
    },
  })
  const none = await client.callTool({ name: 'none', arguments: {} }).catch((error) => error)
  const isRefused = none.isError === true || none.code !== undefined
  return { tools: tools.map(({ name }) => name), seen, said: waited.content[0].text, isRefused }
}
