/** What the page says, in its two languages. The markup holds the English. */
const WORDS = {
  en: {
    first: 'Why would a car come with a valet key?',
    asking: 'Asking…',
    streaming: 'Answering…',
    done: 'Answered. This page never had a key.',
    hidden:
      'Answered. The service wrote the key into its answer, and it was made unreadable on the way here.',
    stopped: 'Stopped',
    problem: 'Refused by Valet Key: {}',
    refused: 'Refused by the service: {}',
    cut: 'The answer was cut.',
    sends: 'sends',
    gets: 'gets',
    pieces: '{} pieces of a streamed answer',
  },
  de: {
    tab: 'Probeseite von Valet Key',
    title: 'Probeseite',
    lead: 'Eine gewöhnliche Webseite auf Ihrem eigenen Gerät. Sie ruft eine API auf und hat keinen Schlüssel.',
    connectTitle: 'Verbinden Sie zuerst diese Seite',
    connectPress:
      'Drücken Sie in der Symbolleiste des Browsers die Schaltfläche von Valet Key (vielleicht hinter dem Puzzleteil).',
    connectChoose:
      'Wählen Sie, was diese Seite benutzen darf. „Probeseite“ braucht keinen Schlüssel von Ihnen.',
    connectEnd: 'Drücken Sie „Verbinden“. Diese Seite merkt es von selbst.',
    heldTitle: 'Was diese Seite statt eines Schlüssels hat',
    placeholder: 'Platzhalter',
    heldText:
      'Er ist nichts wert. Valet Key setzt den echten Schlüssel ein, wenn der Aufruf die Seite verlassen hat.',
    askTitle: 'Probieren Sie es',
    service: 'Dienst',
    model: 'Modell',
    prompt: 'Nachricht',
    send: 'Senden',
    stop: 'Anhalten',
    seesTitle: 'Alles, was diese Seite von ihren Aufrufen sieht',
    seesNothing: 'Hier steht dann jeder Aufruf und jede Antwort, wie das eigene Skript der Seite sie sieht.',
    first: 'Warum gibt es zu einem Auto einen Zweitschlüssel für den Parkdienst?',
    asking: 'Wird gefragt …',
    streaming: 'Antwortet …',
    done: 'Beantwortet. Diese Seite hatte nie einen Schlüssel.',
    hidden:
      'Beantwortet. Der Dienst hat den Schlüssel in seine Antwort geschrieben, und auf dem Weg hierher wurde er unleserlich gemacht.',
    stopped: 'Angehalten',
    problem: 'Von Valet Key abgelehnt: {}',
    refused: 'Vom Dienst abgelehnt: {}',
    cut: 'Die Antwort wurde abgeschnitten.',
    sends: 'sendet',
    gets: 'bekommt',
    pieces: '{} Stücke einer strömenden Antwort',
  },
}

const language = navigator.language.startsWith('de') ? 'de' : 'en'

/** A sentence, with `value` in its gap. */
export function word(name, value = '') {
  return WORDS[language][name].replace('{}', () => String(value))
}

/** Put the markup into the reader's language. */
export function translate() {
  document.documentElement.lang = language
  for (const element of document.querySelectorAll('[data-word]')) {
    const text = WORDS[language][element.dataset.word]
    if (text !== undefined) element.textContent = text
  }
}
