/** The data-flow sheet in English: what the software does with data, and which law asks what about it. */

/** One kind of data on its way. */
interface Flow {
  readonly what: string;
  readonly where: string;
  readonly howLong: string;
  readonly check: string;
}

/** One article: how things stand here, and what stays with whoever uses it. */
interface Law {
  readonly law: string;
  readonly here: string;
  readonly yours: string;
}

const flows: readonly Flow[] = [
  {
    what: 'Pictures, prompts and questions that you put in, with names of files',
    where: 'The memory of this tab and of this device’s graphics processor. Sent nowhere.',
    howLong:
      'The engine’s copy until the job ends, of a chat until a new one, leaving the room or five idle minutes; the tab’s until you delete it or close the tab.',
    check: 'Draw with the network off; Network panel; leak test.',
  },
  {
    what: 'Results',
    where:
      'The memory of this tab, then only where you save them. Saved files carry no metadata of the picture.',
    howLong: 'Until you delete them or close the tab. A file you saved: as long as you keep it.',
    check: 'Open a saved file in any metadata viewer.',
  },
  {
    what: 'Places of faces in a picture, with the colours of their skin',
    where: 'Computed in this tab to draw the faces. Nobody is recognised and no template of a face is made.',
    howLong: 'As the picture they belong to.',
    check: 'Source: src/pipelines/cartoon.',
  },
  {
    what: 'What you ask to have kept',
    where: 'This browser’s storage for this address.',
    howLong: 'Nothing is kept unless you ask for it; until you delete it.',
    check: 'Developer tools, Application, Storage.',
  },
  {
    what: 'Models, the app’s own files, and your choice of theme and language',
    where: 'This browser’s storage for this address. None of it is about a person.',
    howLong: 'Until you remove them, clear the site’s data, or the browser makes room.',
    check: 'Models, and Application, Storage.',
  },
  {
    what: 'IP address, name of the browser, and which of the app’s files are asked for',
    where:
      'The server of this address, as with every web page; and the host of a model, if you agree to fetch from it.',
    howLong: 'As that server keeps its log. The server files that come with Obscura switch the log off.',
    check: 'Ask whoever runs it; record with chrome://net-export.',
  },
];

const laws: readonly Law[] = [
  {
    law: 'GDPR Art. 4, definitions',
    here: 'A photo of a person, or a prompt with a name or a face in it, is personal data, and working on it here is processing. That it stays on the device does not change this.',
    yours:
      'Who decides why and how is the controller: your organisation, or you. Purely private use may fall under the household exemption, Art. 2(2)(c).',
  },
  {
    law: 'GDPR Art. 5, principles',
    here: 'No account, no telemetry, no history across reloads; names and metadata of the input are not carried into the result; nothing is kept by default.',
    yours:
      'A lawful purpose, correct results, and being able to show it. A drawn portrait may still be recognised and is then still personal data.',
  },
  {
    law: 'GDPR Art. 6(1)(f), legitimate interests',
    here: 'That nobody else receives the picture weighs in favour of the people shown.',
    yours:
      'The balance itself is yours to strike and to write down; with children, or pictures taken in confidence, it often fails.',
  },
  {
    law: 'GDPR Art. 7, consent',
    here: 'The page asks for pictures of people who agreed. It does not record that they did.',
    yours:
      'Where consent is your basis, keep the proof of it, and delete what was saved once it is withdrawn.',
  },
  {
    law: 'GDPR Art. 17, erasure',
    here: 'Delete and Clear all free what is in the tab; clearing the site’s data removes the rest of what this browser holds.',
    yours:
      'Saved files, their copies in backups and synchronised folders, and what the operating system swapped to disk.',
  },
  {
    law: 'GDPR Art. 25, by design and by default',
    here: 'Sealed unless you open it for one model; no picture is taken in before the seal stands; nothing is kept unless you ask.',
    yours:
      'Choosing a domain of its own for it, and a browser that enforces what this page shows as enforced.',
  },
  {
    law: 'GDPR Art. 28, processors',
    here: 'For pictures, prompts and results there is none: neither the authors nor the host receive them.',
    yours:
      'Whoever runs the server for you may process connection data on your behalf; that takes the usual contract.',
  },
  {
    law: 'GDPR Art. 30, records of processing',
    here: 'This sheet can be printed as a part of your record.',
    yours: 'Purpose, categories of people and time limits; using the software makes no entry by itself.',
  },
  {
    law: 'GDPR Art. 32, security',
    here: 'One guard for every request, strict headers on page and workers, every file of the app checked by SHA-256, a build that anybody can repeat.',
    yours: 'The device: disk encryption, screen lock, updates, browser extensions, who else may use it.',
  },
  {
    law: 'GDPR Art. 44, transfers',
    here: 'Pictures, prompts and results are not transferred. Connection data go to wherever the host stands, and to a model’s host if you fetch from it.',
    yours:
      'Keeping the models beside the app removes the model’s host; a host of your own, or on the intranet, removes the other.',
  },
  {
    law: 'PIPL (China)',
    here: 'Handled on the person’s own device; nothing is provided to others or abroad by the app. Faces are not recognised.',
    yours:
      'Notice and consent (Arts. 13, 17), separate consent and an impact assessment where sensitive information is handled (Arts. 28, 29, 55). A host or a model’s host abroad sees connection data (Art. 38).',
  },
  {
    law: 'CCPA (California)',
    here: 'The app sells and shares nothing, sets no cookie, and has no advertising.',
    yours:
      'A business owes notice at collection and answers to requests for what it saved, and for the server’s log if there is one.',
  },
  {
    law: 'HIPAA (USA)',
    here: 'The authors and the host receive no health information through the app, so for it they are no business associate. There is no HIPAA certificate for software, and none is claimed.',
    yours:
      'The safeguards of 45 CFR 164.308 to 164.312 on the device. A full-face photo identifies a patient (164.514); a cartoon of it is not de-identified by that alone.',
  },
];

export const dataFlowEn = {
  title: 'Data-flow sheet',
  lead: 'For a data-protection officer: what is processed, where, for how long, and how to check it.',
  print: 'Print',
  where: 'Where',
  howLong: 'How long',
  check: 'How to check',
  flowsTitle: 'What is processed',
  lawsTitle: 'What the law asks',
  here: 'How it stands here',
  yours: 'What stays with you',
  flows,
  laws,
  notAdvice:
    'This describes the software. It is neither legal advice nor a certificate, and local is not exempt.',
  deployment: {
    title: 'Set by this deployment',
    none: 'Nothing.',
    notice: 'A notice of its own on the page of every job.',
    allowed: (count: number) =>
      count === 0 ? 'Only the built-in models.' : `Besides the built-in models only these ${count}:`,
    noImport: 'No model is taken from a file.',
    here: 'No other host is asked for a model.',
    audit: {
      on: 'An audit log is kept, and cannot be switched off on the page.',
      off: 'No audit log is kept.',
    },
    retention: {
      nothing: 'Nothing is kept: what was kept before is deleted when a page opens.',
      session: 'Results are kept for the session at most.',
      day: 'Results are kept for 24 hours at most.',
      month: 'Results are kept for 30 days at most.',
    },
    aiMark: 'Every saved file says in its metadata that a model made or changed the picture.',
  },
};
