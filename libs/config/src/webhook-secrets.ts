import { ValidateBy } from 'class-validator';

const SECRET = /^whsec_([A-Za-z0-9+/]+={0,2})$/;

/** A list of Standard Webhooks secrets: `whsec_` and 24 to 64 bytes in base64 each. Empty is a list too. */
export function AreWebhookSecrets(): PropertyDecorator {
  return ValidateBy(
    {
      name: 'areWebhookSecrets',
      validator: { validate: (value) => typeof value === 'string' && partsOf(value).every(isSecret) },
    },
    { message: '$property must be one secret or several, each whsec_ and 24 to 64 bytes in base64' },
  );
}

function partsOf(list: string): string[] {
  return list.split(/[\s,]+/).filter(Boolean);
}

function isSecret(text: string): boolean {
  const base64 = SECRET.exec(text)?.[1] ?? '';
  const bytes = Buffer.from(base64, 'base64');
  return bytes.length >= 24 && bytes.length <= 64 && bytes.toString('base64').replace(/=+$/, '') === base64.replace(/=+$/, '');
}
