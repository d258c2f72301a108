import type { ReadingReason } from '../../shared/model/described-operation.ts'

/** Why an operation is suggested as reading, or is not, as the command line says it. */
export function readingText({ code, method, word }: ReadingReason): string {
  switch (code) {
    case 'method-reads':
      return `${method}, and nothing says that it changes anything`
    case 'name-reads':
      return `its name says \`${word}\`, though it is sent by ${method}`
    case 'address-reads':
      return `its address ends in \`${word}\`, though it is sent by ${method}`
    case 'mints':
      return 'its answer may itself be a credential'
    case 'method-changes':
      return `${method} changes something`
    case 'address-acts':
      return `its address ends in \`${word}\`${method === 'POST' ? '' : ', which is more than reading'}`
    case 'name-acts':
      return `its name says \`${word}\`, which is more than reading`
    case 'answers-made':
      return 'it answers that something was made or changed'
    case 'nothing-reads':
      return `${method}, and nothing says that it only reads`
  }
}
