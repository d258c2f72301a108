/** The notes service as an OpenAPI document describes it. @param scheme how it takes its key: a security scheme. */
export function notesDocument(server: string, scheme: Readonly<Record<string, string>>): object {
  const note = { type: 'object', properties: { title: { type: 'string', example: 'from Swagger UI' } } }
  const responses = { 200: { description: 'the note' } }
  return {
    openapi: '3.1.0',
    info: { title: 'Notes', version: '1' },
    servers: [{ url: server }],
    components: { securitySchemes: { key: scheme } },
    security: [{ key: [] }],
    paths: {
      '/notes': {
        post: {
          operationId: 'makeNote',
          requestBody: { content: { 'application/json': { schema: note } } },
          responses,
        },
      },
      '/notes/{id}': {
        get: {
          operationId: 'readNote',
          parameters: [{ name: 'id', in: 'path', required: true, schema: { type: 'string' } }],
          responses,
        },
      },
    },
  }
}
