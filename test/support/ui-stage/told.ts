import { type Said, type Sentence, sentenceText } from '../../../shared/model/said.ts'

/** A sentence as the host tells it: in English, with its values apart where it has some. */
export function told(sentence: Sentence): { message: string; said?: Said } {
  return { message: sentenceText(sentence), ...(typeof sentence === 'string' ? {} : { said: sentence }) }
}
