import { create, createFileRegistry } from '@bufbuild/protobuf'
import { FileDescriptorProtoSchema, file_google_protobuf_wrappers } from '@bufbuild/protobuf/wkt'

const TEXT = '.google.protobuf.StringValue'
const method = (name, more) => ({ name, inputType: TEXT, outputType: TEXT, ...more })

/** A service as its `.proto` would describe it: one answer, and one that comes in parts. */
export const GREETINGS = createFileRegistry(
  create(FileDescriptorProtoSchema, {
    name: 'greetings.proto',
    package: 'test',
    syntax: 'proto3',
    dependency: ['google/protobuf/wrappers.proto'],
    service: [{ name: 'Greetings', method: [method('Greet'), method('Tell', { serverStreaming: true })] }],
  }),
  (name) => (name === 'google/protobuf/wrappers.proto' ? file_google_protobuf_wrappers : undefined),
).getService('test.Greetings')
