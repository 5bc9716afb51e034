export const LANGUAGES = ['en', 'de', 'fr', 'es'] as const;
export type Language = (typeof LANGUAGES)[number];

/** What a letter and its mail say in one language. What depends on a name or company that may be missing is a function. */
export interface LetterTexts {
  /** Its line end gives way to a space where all of it fits on one line. */
  headline: (name?: string) => string;
  lead: (company?: string) => string;
  greeting: (name: string) => string;
  intro: string;
  stepsTitle: string;
  steps: readonly { title: string; text: (email: string) => string }[];
  helpTitle: string;
  help: string;
  closing: string;
  team: (company?: string) => string;
  subject: (company?: string) => string;
  attached: string;
}

export const LETTER_TEXTS: Record<Language, LetterTexts> = {
  en: {
    headline: (name) => (name ? `Welcome,\n${name}!` : 'Welcome!'),
    lead: (company) => (company ? `We are happy to have you with us at ${company}.` : 'We are happy to have you with us.'),
    greeting: (name) => `Hello ${name},`,
    intro:
      'Your account is ready, and so are we. This page holds all you need for a good start. Take your time with it: nobody expects ' +
      'you to know everything on the first day.',
    stepsTitle: 'Your first week',
    steps: [
      {
        title: 'Look around',
        text: (email) => `Sign in with ${email} and see what is there. Nothing that you try out now can break anything.`,
      },
      {
        title: 'Meet the others',
        text: () => 'Say hello to the people around you and find out who knows what. They were new once, too.',
      },
      {
        title: 'Choose three things',
        text: () => 'Pick three things that you would like to have done by Friday, and tell somebody about them.',
      },
    ],
    helpTitle: 'Any questions?',
    help: 'Reply to the mail that brought you this letter. A person reads it, and a person answers.',
    closing: 'We look forward to working with you.',
    team: (company) => (company ? `Your team at ${company}` : 'Your team'),
    subject: (company) => (company ? `Welcome to ${company}` : 'Welcome'),
    attached: 'The attached letter has all you need for a good start.',
  },
  de: {
    headline: (name) => (name ? `Willkommen,\n${name}!` : 'Willkommen!'),
    lead: (company) => (company ? `Schön, dass Sie bei ${company} dabei sind.` : 'Schön, dass Sie dabei sind.'),
    greeting: (name) => `Guten Tag ${name},`,
    intro:
      'Ihr Konto ist eingerichtet, und wir sind es auch. Auf dieser Seite steht alles, was Sie für einen guten Start brauchen. Lassen ' +
      'Sie sich Zeit damit: Niemand erwartet, dass Sie am ersten Tag schon alles wissen.',
    stepsTitle: 'Ihre erste Woche',
    steps: [
      {
        title: 'Sehen Sie sich um',
        text: (email) =>
          `Melden Sie sich mit ${email} an und probieren Sie aus, was es gibt. Kaputt machen können Sie dabei nichts.`,
      },
      {
        title: 'Lernen Sie die anderen kennen',
        text: () => 'Stellen Sie sich vor und finden Sie heraus, wer sich womit auskennt. Alle waren einmal neu.',
      },
      {
        title: 'Nehmen Sie sich drei Dinge vor',
        text: () => 'Suchen Sie sich drei Dinge aus, die bis Freitag erledigt sein sollen, und erzählen Sie jemandem davon.',
      },
    ],
    helpTitle: 'Noch Fragen?',
    help: 'Antworten Sie einfach auf die E-Mail, mit der dieser Brief kam. Ein Mensch liest sie, und ein Mensch antwortet.',
    closing: 'Wir freuen uns auf die Zusammenarbeit mit Ihnen.',
    team: (company) => (company ? `Ihr Team von ${company}` : 'Ihr Team'),
    subject: (company) => (company ? `Willkommen bei ${company}` : 'Willkommen'),
    attached: 'Im angehängten Brief steht alles, was Sie für einen guten Start brauchen.',
  },
  fr: {
    headline: (name) => (name ? `Bienvenue,\n${name}\u00a0!` : 'Bienvenue\u00a0!'),
    lead: (company) =>
      company
        ? `Nous sommes heureux de vous compter parmi nous chez ${company}.`
        : 'Nous sommes heureux de vous compter parmi nous.',
    greeting: (name) => `Bonjour ${name},`,
    intro:
      'Votre compte est prêt, et nous aussi. Vous trouverez sur cette page tout ce qu’il faut pour bien commencer. Prenez votre temps\u00a0: ' +
      'personne n’attend de vous que vous sachiez tout dès le premier jour.',
    stepsTitle: 'Votre première semaine',
    steps: [
      {
        title: 'Faites le tour',
        text: (email) => `Connectez-vous avec ${email} et découvrez les lieux. Vous ne risquez pas de casser quoi que ce soit.`,
      },
      {
        title: 'Faites connaissance',
        text: () => 'Présentez-vous aux autres et apprenez qui sait faire quoi. Eux aussi sont arrivés un jour.',
      },
      {
        title: 'Choisissez trois objectifs',
        text: () => 'Retenez trois choses que vous aimeriez avoir terminées vendredi, et parlez-en à quelqu’un.',
      },
    ],
    helpTitle: 'Des questions\u00a0?',
    help: 'Répondez simplement au courriel qui accompagnait cette lettre. Une personne le lira, et une personne vous répondra.',
    closing: 'Nous nous réjouissons de travailler avec vous.',
    team: (company) => (company ? `Votre équipe chez ${company}` : 'Votre équipe'),
    subject: (company) => (company ? `Bienvenue chez ${company}` : 'Bienvenue'),
    attached: 'La lettre ci-jointe contient tout ce qu’il faut pour bien commencer.',
  },
  es: {
    headline: (name) => (name ? `¡Te damos la bienvenida,\n${name}!` : '¡Te damos la bienvenida!'),
    lead: (company) =>
      company ? `Nos alegra mucho que formes parte de ${company}.` : 'Nos alegra mucho que estés con nosotros.',
    greeting: (name) => `Hola, ${name}:`,
    intro:
      'Tu cuenta está lista, y nosotros también. En esta página tienes todo lo que necesitas para empezar bien. Tómate tu tiempo: nadie ' +
      'espera que lo sepas todo el primer día.',
    stepsTitle: 'Tu primera semana',
    steps: [
      {
        title: 'Echa un vistazo',
        text: (email) => `Entra con ${email} y mira lo que hay. Pruebes lo que pruebes, no vas a romper nada.`,
      },
      {
        title: 'Conoce a los demás',
        text: () => 'Preséntate y averigua quién sabe de qué. Todos fueron nuevos alguna vez.',
      },
      {
        title: 'Elige tres metas',
        text: () => 'Piensa en tres cosas que te gustaría haber terminado el viernes y cuéntaselas a alguien.',
      },
    ],
    helpTitle: '¿Tienes preguntas?',
    help: 'Responde al correo que traía esta carta. Lo lee una persona, y te contesta una persona.',
    closing: 'Tenemos muchas ganas de trabajar contigo.',
    team: (company) => (company ? `Tu equipo de ${company}` : 'Tu equipo'),
    subject: (company) => (company ? `Te damos la bienvenida a ${company}` : 'Te damos la bienvenida'),
    attached: 'En la carta adjunta tienes todo lo que necesitas para empezar bien.',
  },
};
