import { HostSentence } from './host-sentence.tsx'

/** What is told about a press: where the host says it and names something between backticks, as `HostSentence` shows it. */
export function SaidText(props: { text: string }) {
  return props.text.includes('`') ? <HostSentence text={props.text} /> : props.text
}
