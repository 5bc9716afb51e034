/** Plain ASCII, so that no two names look the same. */
const USER_NAME = /^[a-z0-9][a-z0-9._@+-]{0,63}$/;

/** True for a name that a user can have: in lower case. */
export function isUserName(name: string): boolean {
  return USER_NAME.test(name);
}

/** In characters as people count them, or nearly so. Control characters are not typed, lone surrogates not kept. */
export const PASSWORD = /^[^\p{Cc}\p{Cs}]{12,256}$/u;
