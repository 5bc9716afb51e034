import type { Mail } from '@app/mail';
import type { Letter } from './letter.js';
import { LETTER_TEXTS } from './letter-texts.js';

/** The mail that brings a letter, in the letter's language. */
export function welcomeMail({ name, email, company, language }: Letter): Pick<Mail, 'to' | 'subject' | 'text' | 'html'> {
  const { subject, greeting, lead, attached, help, closing, team } = LETTER_TEXTS[language];
  const paragraphs = [greeting(name), lead(company), attached, help, closing];
  return {
    to: [email],
    subject: subject(company),
    text: `${[...paragraphs, team(company)].join('\n\n')}\n`,
    html: page(language, paragraphs, team(company)),
  };
}

function page(language: string, paragraphs: readonly string[], signature: string): string {
  const body = paragraphs.map((text) => `<p style="margin:0 0 16px">${escaped(text)}</p>`).join('\n');
  return `<!doctype html>
<html lang="${language}">
<body style="margin:0;padding:32px 24px;background:#eef6f2;font:16px/1.5 Inter,'Segoe UI',Helvetica,Arial,sans-serif;color:#1d2733">
<div style="max-width:560px;margin:0 auto;padding:32px;background:#ffffff;border-top:6px solid #1f6f5c;border-radius:8px">
${body}
<p style="margin:0;font-weight:bold">${escaped(signature)}</p>
</div>
</body>
</html>
`;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
