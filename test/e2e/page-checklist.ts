/** A test that shows something: its file and its name, as they are written there. */
type Shown = readonly [file: string, name: string]

/** One of the things by which pages and interceptors are known to get in each other's way. */
export interface Group {
  readonly number: number
  readonly what: string
  /** Tests that show it. */
  readonly shown: readonly Shown[]
  /** What is refused or differs, or is no test of this product's yet: said, not hidden. */
  readonly stated?: string
}

const IDENTITY = 'page-fetch-identity.test.ts'
const REQUESTS = 'page-fetch-requests.test.ts'
const ABORT = 'page-fetch-abort.test.ts'
const ANSWERS = 'page-fetch-responses.test.ts'
const FETCH = 'page-fetch.test.ts'
const XHR = 'page-xhr.test.ts'
const HANDLERS = 'page-xhr-handlers.test.ts'
const SETTINGS = 'page-xhr-settings.test.ts'
const UPLOAD = 'page-xhr-upload.test.ts'
const CHARSETS = 'page-xhr-charsets.test.ts'
const STOP = 'page-stop.test.ts'
const WRAPPED = 'page-xhr-wrapped.test.ts'
const LIFE = 'page-life.test.ts'
const SOURCE = 'page-event-source.test.ts'
const BEACON = 'page-beacon.test.ts'
const POLICY = 'page-csp.test.ts'
const WORKER_POLICY = 'page-csp-workers.test.ts'
const DOCUMENTS = 'page-documents.test.ts'
const WORKERS = 'page-workers.test.ts'
const HOSTILE = 'adversary.test.ts'
const SITUATIONS: Shown = ['page-side/origins.ts', 'a call is the grant’s or nobody’s, in every situation']
const SPOILED: Shown = [
  'page-side/spoiling.ts',
  'a page that spoils its own world spoils nothing else, and gains nothing',
]
const FORGED: Shown = ['page-side/channel.ts', 'frames whose every field is wrong reach nobody']
const UNIT = '../unit/'

const group = (number: number, what: string, shown: readonly Shown[], stated?: string): Group =>
  stated === undefined ? { number, what, shown } : { number, what, shown, stated }

/** What stands where `fetch` stood, and what else is in the page. */
const IDENTITY_GROUPS = [
  group(1, 'text, name, length and descriptors of what is replaced', [
    [
      IDENTITY,
      'has the properties, the text and the failures of the browser’s own, seen from a window without us too',
    ],
    [FETCH, 'a page sees the same fetch, prototypes and globals as without the extension'],
  ]),
  group(2, 'no new global', [
    [
      IDENTITY,
      'has the properties, the text and the failures of the browser’s own, seen from a window without us too',
    ],
  ]),
  group(
    3,
    'pages that ask whether fetch is native, also through a frame',
    [[IDENTITY, 'passes for native where pages look for that before they start']],
    'Seen through another window’s Function.prototype.toString a replaced function is native code without a name.',
  ),
  group(4, 'wrappers of the page’s, before and after', [
    [IDENTITY, 'can be wrapped by the page, and serves the wrapper as the browser’s own does'],
    [IDENTITY, 'hands on what it does not catch: the same arguments, receiver, promise, failure, at once'],
  ]),
  group(5, 'injected twice', [[LIFE, 'a second run of the page’s script changes nothing']]),
  group(6, 'the extension goes while the page is open', [
    [LIFE, 'when the extension goes, caught calls are refused and others go on'],
  ]),
  group(7, 'every receiver', [
    [IDENTITY, 'works under every receiver and however it is taken from the window'],
  ]),
  group(
    8,
    'fetch of another window',
    [[IDENTITY, 'of another window is that window’s']],
    'Called with another window as its receiver, a caught fetch answers with a Response of its own window, not of that one.',
  ),
  group(9, 'the page replaces the platform', [
    SPOILED,
    [FETCH, 'the page may replace its globals afterwards'],
  ]),
  group(
    10,
    'getters and inherited members of the second argument',
    [
      [
        REQUESTS,
        'members of the second argument are read in the browser’s order, each as often as it reads them',
      ],
    ],
    'A Proxy as the second argument sees one look at its property `body` more.',
  ),
  group(11, 'frozen and sealed surroundings', [
    [IDENTITY, 'goes on in a page that froze and sealed what is around it'],
  ]),
  group(
    12,
    'what is not caught is handed on as it is, at once',
    [[IDENTITY, 'hands on what it does not catch: the same arguments, receiver, promise, failure, at once']],
    'An object that is no Request is turned into text once, so that what was decided is what is sent; in Chromium the stack of a failure names our script.',
  ),
]

/** What a page may ask for. */
const REQUEST_GROUPS = [
  group(13, 'base, URL, object, Request, subclass, override', [
    [
      REQUESTS,
      'an address is resolved as the browser resolves it: base, URL object, object, Request, subclass',
    ],
  ]),
  group(14, 'URL with a password', [[FETCH, 'wrong arguments are refused in the words of the browser']]),
  group(15, 'fragment', [
    [
      REQUESTS,
      'an address is resolved as the browser resolves it: base, URL object, object, Request, subclass',
    ],
    [FETCH, 'a response looks like one from the network'],
  ]),
  group(16, 'blob, data, file, extension', [
    [REQUESTS, 'what has no server is never caught: blob, data, file and the extension’s own'],
  ]),
  group(17, 'spellings of one address', [
    [REQUESTS, 'however an address is spelled, it is the same address'],
  ]),
  group(18, 'methods', [
    [REQUESTS, 'methods and headers are those the browser lets a page set, in every form it takes'],
  ]),
  group(19, 'GET with a body', [[FETCH, 'wrong arguments are refused in the words of the browser']]),
  group(20, 'headers in every form', [
    [REQUESTS, 'methods and headers are those the browser lets a page set, in every form it takes'],
    [REQUESTS, 'what a page may not set is dropped, and what it may is asked for as it wrote it'],
  ]),
  group(21, 'the page’s own placeholder', [
    ['../host/broker.test.ts', 'the key replaces the placeholder on the wire and never comes back'],
    ['clients.test.ts', 'ModelsLab gets its key in the body, in the header or in the query, by path'],
  ]),
  group(22, 'content types by kind of body', [
    [FETCH, 'every kind of body arrives as the browser itself would send it'],
  ]),
  group(23, 'bodies of every kind and size', [
    [FETCH, 'every kind of body arrives as the browser itself would send it'],
    [FETCH, 'fifty megabytes go down and up whole, never more than a window ahead'],
    ['clients.test.ts', 'a form with files arrives byte for byte'],
  ]),
  group(24, 'used and locked bodies', [
    [REQUESTS, 'a request that was used or is locked is refused, and one that is sent is used up'],
  ]),
  group(25, 'the same Request again, and its copy', [
    [REQUESTS, 'a request that was used or is locked is refused, and one that is sent is used up'],
  ]),
  group(26, 'streams that go up: errors and back-pressure', [
    [REQUESTS, 'a stream goes up piece by piece, and what it breaks with is what the caller gets'],
    [REQUESTS, 'a stream is asked for no more than the other side takes'],
  ]),
  group(
    27,
    'cache, integrity, referrer, priority, modes',
    [
      [REQUESTS, 'settings without a meaning for a caught call change nothing'],
      [REQUESTS, 'an answer of a cache is never given, and none is kept, whatever the mode'],
      [FETCH, 'a body with the right digest passes, and receivers other than window work'],
      [ANSWERS, 'an opaque answer shows nothing'],
      [`${UNIT}page-carrier.test.ts`, 'a response is held back until it is whole and verified: %s'],
    ],
    'The modes `no-cache`, `no-store` and `reload` send no header of their own.',
  ),
  group(28, 'no cookies', [
    [REQUESTS, 'what a page may not set is dropped, and what it may is asked for as it wrote it'],
    ['clients.test.ts', 'Jan on 127.0.0.1:1337 gets its key as Authorization and nothing else of the page'],
  ]),
  group(29, 'keepalive', [[REQUESTS, 'keepalive takes as much as the browser takes']]),
  group(30, 'settings nobody uses', [
    [REQUESTS, 'settings without a meaning for a caught call change nothing'],
  ]),
  group(31, 'no signal', [[REQUESTS, 'settings without a meaning for a caught call change nothing']]),
]

/** Every end of a call. */
const END_GROUPS = [
  group(32, 'aborted before', [
    [ABORT, 'a signal that is aborted already rejects with its reason, and nothing is sent'],
  ]),
  group(33, 'before the head', [
    [
      ABORT,
      'before the answer: by a controller, a time limit, one of several signals, a signal of the Request',
    ],
  ]),
  group(34, 'while the body goes up', [[ABORT, 'while the body goes up']]),
  group(35, 'while the body comes down', [
    [ABORT, 'in the middle of the answer: the reader gets the very reason, every copy of it too'],
  ]),
  group(36, 'after the end', [[ABORT, 'after the end it changes nothing']]),
  group(37, 'the page’s own reason', [
    [ABORT, 'in the middle of the answer: the reader gets the very reason, every copy of it too'],
  ]),
  group(38, 'time limits', [
    [ABORT, 'in the middle of the answer by a time limit: every way to read it says the same of it'],
    [
      ABORT,
      'before the answer: by a controller, a time limit, one of several signals, a signal of the Request',
    ],
  ]),
  group(39, 'one of several signals', [
    [
      ABORT,
      'before the answer: by a controller, a time limit, one of several signals, a signal of the Request',
    ],
  ]),
  group(40, 'a reader that leaves', [
    [ABORT, 'a reader that leaves ends the call: by cancel, by return of a loop, by a pipe that breaks'],
    ['flow.test.ts', 'aborting stops the API'],
  ]),
  group(
    41,
    'a response nobody keeps',
    [[LIFE, 'a response nobody reads is cancelled when it is collected']],
    'In Firefox collection cannot be asked for from a test.',
  ),
  group(42, 'tab closed, page left, back/forward cache', [
    ['flow.test.ts', 'leaving the page stops the API, and a page that comes back goes on'],
    [
      HOSTILE,
      'a document that comes back from the back/forward cache is served, and what it streamed has ended',
    ],
    [STOP, 'has each XMLHttpRequest aborted, but for what is opened anew or sent after it'],
    [STOP, 'has each fetch rejected, the reader of one too, and a kept one where the browser’s own is'],
    [STOP, 'has each EventSource closed for good'],
    [STOP, 'is no page whose document is only written anew'],
    ['page-stop-frames.test.ts', 'has the calls of its frames ended, and of theirs, and no others'],
  ]),
  group(43, 'revoked in the middle', [
    ['sessions.test.ts', 'a session that is revoked cuts the stream that runs, for page and API alike'],
  ]),
]

/** What a page may do with an answer. */
const ANSWER_GROUPS = [
  group(44, 'what a response says of itself', [[FETCH, 'a response looks like one from the network']]),
  group(45, 'copies', [
    [ANSWERS, 'copies: both are whole, in any order of reading, and none can be made of what was read'],
  ]),
  group(46, 'ways to read', [[FETCH, 'a body can be read in every way']]),
  group(47, 'answers without a body', [[ANSWERS, 'what has no body has none, whatever it is read as']]),
  group(48, 'interim answers', [
    [
      '../host/upstream-failures.test.ts',
      'interim responses are not seen, and a switch of protocols is no answer',
    ],
  ]),
  group(49, 'status text', [[FETCH, 'a response looks like one from the network']]),
  group(50, 'headers that cannot be changed', [
    [ANSWERS, 'headers: several as one, none of a cookie, Latin-1, empty ones, and no change to any'],
  ]),
  group(51, 'cookies, repeated and Latin-1 headers', [
    [ANSWERS, 'headers: several as one, none of a cookie, Latin-1, empty ones, and no change to any'],
    ['../host/upstream-flow.test.ts', 'response headers come in order, each of several, as Latin-1'],
  ]),
  group(52, 'packed answers', [
    [ANSWERS, 'an answer that was packed is unpacked, and one that ends early is an error'],
  ]),
  group(53, 'redirects', [
    [ANSWERS, 'redirects: followed, shown as opaque, refused, with the method each status means'],
    ['page-redirects.test.ts', '20 are followed and the next is an error, for fetch and XMLHttpRequest'],
    ['page-redirects.test.ts', 'addresses that no browser goes to are errors'],
    ['page-redirects.test.ts', 'an address that is missing, empty or said twice is no address to follow'],
    ['page-redirects.test.ts', 'methods, bodies and what describes them change as the status says'],
    ['page-redirects-own.test.ts', 'are followed within it'],
    [
      'page-redirects-own.test.ts',
      'are errors where they lead to another, which hears nothing of a caught one',
    ],
    ['../host/redirects.test.ts', 'a redirect to $kind: $end'],
  ]),
  group(54, 'events as they are sent', [
    [FETCH, 'events of a stream come as they are sent'],
    ['flow.test.ts', 'server-sent events arrive one by one as they are sent, not in a heap at the end'],
  ]),
  group(55, 'large bodies and slow readers', [
    ['flow.test.ts', '200 MB come down whole while the host stays small'],
    ['flow.test.ts', 'a page that stops reading stops the API, and going on gets the rest'],
    [FETCH, 'a slow reader slows the sender, and a reader who leaves ends the call'],
  ]),
  group(56, 'byte streams, pipes, loops, other windows', [
    [ANSWERS, 'bytes: into given memory, through pipes, in a loop, to another window, into other objects'],
  ]),
  group(57, 'where the platform takes a response', [
    [ANSWERS, 'bytes: into given memory, through pipes, in a loop, to another window, into other objects'],
    [ANSWERS, 'a page may keep an answer itself'],
  ]),
  group(58, 'an error after the head', [
    [FETCH, 'a stream that is cut rejects its reader, and a call that is cut rejects'],
  ]),
  group(
    59,
    'an answer that ends early',
    [
      [ANSWERS, 'an answer that was packed is unpacked, and one that ends early is an error'],
      [
        'failures.test.ts',
        'a connection the API drops ends the body with an error, never as if it were whole',
      ],
    ],
    'Firefox has words of its own for a body shorter than its content-length; a caught one has those of any broken stream.',
  ),
  group(60, 'failures tell nothing', [
    [ANSWERS, 'failures are those of the browser, and tell nothing of what is between'],
  ]),
  group(61, 'services that reflect', [
    ['echo.test.ts', 'the key is gone from every encoding it comes back in'],
  ]),
]

/** XMLHttpRequest. */
const XHR_GROUPS = [
  group(62, 'synchronous', [
    [XHR, 'a synchronous caught call throws a NetworkError and never reaches the network'],
  ]),
  group(63, 'order of events', [
    [XHR, 'events come in the order of the browser'],
    [HANDLERS, 'a call that is held for the list tells of its start once, before all else'],
    [UPLOAD, 'a body that nobody could listen to when it was sent'],
  ]),
  group(64, 'response types', [
    [XHR, 'a response has every form'],
    [SETTINGS, 'a form of response chosen with the head, and one asked for too late'],
    [SETTINGS, 'what can be set in which state'],
  ]),
  group(65, 'text while it loads', [
    [XHR, 'text can be read while it loads, and a character split over chunks is whole'],
  ]),
  group(66, 'charsets', [
    [XHR, 'a response has every form'],
    [CHARSETS, 'in an XML declaration decides for texts without a form and for documents'],
    [CHARSETS, 'in a meta element decides for documents alone'],
  ]),
  group(
    67,
    'documents',
    [[XHR, 'a response has every form']],
    'A caught document has the address of the page and says of itself that it is UTF-8; in Firefox one whose bytes are in no charset is read, where its own is null.',
  ),
  group(68, 'time limits', [
    [XHR, 'failures, timeouts and aborts tell what the browser tells'],
    [SETTINGS, 'a time limit set at any time counts from send'],
  ]),
  group(69, 'abort and open again', [
    [XHR, 'failures, timeouts and aborts tell what the browser tells'],
    [XHR, 'a reopened instance forgets the call it made'],
    [HANDLERS, 'abort, open and send again at every event of a call that succeeds'],
    [HANDLERS, 'the same at every event of one that is aborted'],
    [HANDLERS, 'the same at every event of one that times out, and of one that fails'],
  ]),
  group(70, 'request headers', [
    [XHR, 'headers, settings and states are kept as the browser keeps them'],
    [SETTINGS, 'request headers are combined as the browser combines them'],
  ]),
  group(71, 'response headers', [
    [XHR, 'headers, settings and states are kept as the browser keeps them'],
    [SETTINGS, 'response headers, empty ones too, in the order and the words of the browser'],
  ]),
  group(72, 'responseURL', [[XHR, 'headers, settings and states are kept as the browser keeps them']]),
  group(73, 'withCredentials', [
    [XHR, 'headers, settings and states are kept as the browser keeps them'],
    [SETTINGS, 'what can be set in which state'],
  ]),
  group(
    74,
    'events and their handlers',
    [
      [XHR, 'handlers, listeners and subclasses work on the page\\u2019s own instance'],
      [HANDLERS, 'listeners of every form, in the order of the browser'],
      [HANDLERS, 'what a handler throws goes to window.onerror, and the next one runs'],
    ],
    'Events of a caught instance are made by a script: isTrusted is false.',
  ),
  group(75, 'subclasses and wrappers', [
    [XHR, 'handlers, listeners and subclasses work on the page\\u2019s own instance'],
    [WRAPPED, 'a page that wraps open, send and setRequestHeader, as monitors do'],
    [WRAPPED, 'a page that puts accessors of its own before those of the prototype'],
    [WRAPPED, 'a Proxy around the constructor, and one around an instance'],
    [WRAPPED, 'a subclass that overrides methods and accessors'],
  ]),
  group(76, 'upload progress', [
    [XHR, 'events come in the order of the browser'],
    [UPLOAD, 'the size of every kind of body, from the start to the end'],
    [UPLOAD, 'abort, a time limit and a failure while it is on its way'],
    [
      UPLOAD,
      'who listens only after send hears what the browser tells, by where it goes and whether it asks first',
    ],
  ]),
  group(77, 'bodies', [
    [XHR, 'bodies and their types are those of the browser'],
    [SETTINGS, 'a body that runs code of the page while it is made a text'],
  ]),
  group(78, 'status of a failure', [
    [XHR, 'a broken call is an error'],
    [HANDLERS, 'the same at every event of one that times out, and of one that fails'],
  ]),
]

/** What else sends. */
const OTHER_GROUPS = [
  group(79, 'EventSource', [
    [SOURCE, 'events are read as the browser reads them, until it is told that there are no more'],
    [SOURCE, 'it connects again with the last event ID after an end and after a break'],
    [SOURCE, 'closing in a handler is the end of it, in whichever'],
    [
      'senders.test.ts',
      'an EventSource is fed with the key, connects again with its last event ID, and ends with the session',
    ],
  ]),
  group(
    80,
    'sendBeacon',
    [
      [BEACON, 'what it returns and what it sends are the browser’s, for each kind of body'],
      [BEACON, 'more than the browser takes is refused as the browser refuses it'],
      [
        'senders.test.ts',
        'a beacon and a kept fetch of a page that is gone arrive with the key, and are in the log',
      ],
    ],
    'A Blob or a form sent while the page goes may be lost: its bytes come only later.',
  ),
  group(
    81,
    'WebSocket',
    [
      ['page-sockets.ts', 'a WebSocket is the browser’s own in every respect'],
      [
        'page-sockets.ts',
        'the owner is told of a WebSocket to an API, from a document or a worker, and of no other',
      ],
      ['socket-notice.ts', 'a WebSocket to an API goes out without the key, and the popup says so'],
    ],
    'Not brokered: a WebSocket goes to the network without a key. The popup says so.',
  ),
  group(82, 'pictures, scripts, forms, navigation', [
    [
      IDENTITY,
      'is all that is caught: pictures, scripts, styles, frames and forms go to the network as ever',
    ],
  ]),
  group(83, 'fetchLater', [[IDENTITY, 'fetchLater, where there is one, is not caught']]),
  group(
    84,
    'workers',
    [
      [WORKERS, 'its calls are carried: classic, module, blob, nested, of a class of the page’s own'],
      [
        WORKERS,
        'a kept call outlives its worker, however that ends; one its page’s policy forbids does not begin',
      ],
      [WORKERS, 'shared and service workers are the browser’s own, and the owner is told'],
      [
        WORKER_POLICY,
        'forbids a caught call of a worker what it forbids any: another site, and the page’s own',
      ],
    ],
    'A covered worker starts from a text: it has the policies of its page, also where the answer its own script came in has others.',
  ),
  group(85, 'WebTransport and WebRTC', [], 'Not brokered: they go to the network without a key.'),
]

/** Where a page may be. */
const PLACE_GROUPS = [
  group(86, 'contexts', [
    SITUATIONS,
    [LIFE, 'frames without a URL of their own are caught too'],
    [
      'page-frames.test.ts',
      'what a frame says as it is left arrives, before the extension has answered the frame',
    ],
    [
      'page-frames.test.ts',
      'what is sent from a frame that was taken away goes nowhere, and fails as the browser’s own',
    ],
    [
      DOCUMENTS,
      'a call from the passing first document of a frame goes out as the page wrote it, never with a key',
    ],
  ]),
  group(87, 'the first script, prerendering, history', [
    [LIFE, 'calls wait for the list and are then sent the right way'],
    ['sessions.test.ts', 'the very first call of a page waits until it is known whether it is caught'],
    [DOCUMENTS, 'the first line of a page, and of its first worker, is caught'],
    [DOCUMENTS, 'a page that comes back from the cache has its stream cut with an error, and goes on'],
  ]),
  group(88, 'policies of the page', [
    [
      'chat.test.ts',
      'works in a page whose own strict policy lets it connect to the API, and not in one that may not',
    ],
    [WORKERS, 'under Trusted Types the page’s own policy decides, and a text is refused as ever'],
    [POLICY, 'forbids a caught call what it forbids any: another site, and the page’s own'],
    [POLICY, 'lets through what it lets through, by origin and by path'],
    [POLICY, 'only tells of what it only reports'],
    [POLICY, 'counts from the moment that it is there'],
    [
      WORKER_POLICY,
      'forbids a caught call of a worker what it forbids any: another site, and the page’s own',
    ],
    [WORKER_POLICY, 'lets a worker through where it lets through, by origin and by path'],
    [WORKER_POLICY, 'only tells a worker of what it only reports'],
    [WORKER_POLICY, 'counts for a worker from a header, from a meta element and from both'],
  ]),
  group(89, 'documents that are not HTML', [
    SITUATIONS,
    [DOCUMENTS, 'a document that is no HTML is caught: %s'],
  ]),
  group(90, 'frames of other sites', [
    ['sessions.test.ts', 'a frame of another site on a granted page has no part in the grant'],
    ['sessions.test.ts', 'a frame of a granted site inside another site needs a grant for that pair'],
  ]),
  group(91, 'opaque origins', [
    [HOSTILE, 'documents of opaque origin have no part in the grant of the page that made them'],
  ]),
  group(92, 'private windows', [
    ['page-side/origins.ts', 'a private window has no part in it'],
    [
      'page-side/private-windows.ts',
      'a private window, where the extension is not allowed, has nothing of ours',
    ],
  ]),
  group(93, 'files, ports, http', [
    ['page-side/origins.ts', 'files and the extension’s own pages have no part in it'],
    ['chat.test.ts', 'the same port under another name is another site, and is left alone'],
  ]),
]

/** What a page may try. */
const ABUSE_GROUPS = [
  group(94, 'forged messages', [
    ['page-side/channel.ts', 'messages of other windows, and events a page makes up, are nobody’s calls'],
    FORGED,
  ]),
  group(95, 'ids of others', [
    ['page-side/channel.ts', 'a frame that is sent again while its call is open is no second call'],
  ]),
  group(96, 'answers of others', [
    ['page-side/races.ts', 'nothing of an answer reaches the document that comes after the one that asked'],
  ]),
  group(97, 'many requests for approval', [
    ['provider.test.ts', 'of a thousand requests in a loop one is asked about; the others are refused'],
  ]),
  group(98, 'a button that is pressed too soon', [
    [
      `${UNIT}approve-arming.test.ts`,
      'counts one second after the window came up, and not a millisecond before',
    ],
  ]),
  group(99, 'how an origin is shown', [
    [`${UNIT}foreign-text.test.ts`, 'whatever it is, nothing unseen is left and nothing is lost'],
  ]),
  group(100, 'frames of our pages', [[HOSTILE, 'has pages that no site can load or frame']]),
  group(101, 'nothing for other extensions', [
    ['extension-build.test.ts', 'shows nothing of itself to pages and has no site permission'],
  ]),
  group(102, 'left between request and approval', [
    [
      'provider.test.ts',
      'a page that goes elsewhere takes the window along, and is told nothing in its next document',
    ],
  ]),
  group(103, 'two tabs', [
    ['sessions.test.ts', 'two tabs of one site share its session, and closing one leaves the other'],
  ]),
  group(104, 'a part that is killed', [
    [
      'failures.test.ts',
      'a background that is stopped cuts what runs, and the open page’s next call starts it again',
    ],
  ]),
  group(105, 'largest frames', [
    [
      `${UNIT}page-frame.test.ts`,
      'the largest frame a page may send, in characters that take the most JSON, is one the host takes',
    ],
  ]),
  group(106, 'nothing else on stdout', [
    ['../host/host-process.test.ts', 'has nothing of a hostile environment, and runs none of its programs'],
  ]),
  group(
    107,
    'timing entries, cost, a thousand at once',
    [[IDENTITY, 'a thousand calls at once all get their own answers']],
    'Caught calls have no entry in the page’s resource timing. What a call costs that is not caught: test/bench/pass-through.ts.',
  ),
]

/** All of them, in the order of their numbers. */
export const CHECKLIST: readonly Group[] = [
  ...IDENTITY_GROUPS,
  ...REQUEST_GROUPS,
  ...END_GROUPS,
  ...ANSWER_GROUPS,
  ...XHR_GROUPS,
  ...OTHER_GROUPS,
  ...PLACE_GROUPS,
  ...ABUSE_GROUPS,
]
