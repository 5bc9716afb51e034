/** What a request can be allowed to do. `admin` is the administration of users and keys, and what runs the service; it includes no other. */
export const SCOPES = ['tasks:submit', 'tasks:read', 'tasks:act', 'admin'] as const;
export type Scope = (typeof SCOPES)[number];

export const ROLES = ['viewer', 'operator', 'admin'] as const;
/** What a user is: who reads, who also submits and acts, who may do everything. */
export type Role = (typeof ROLES)[number];

const SCOPES_OF_ROLE: Readonly<Record<Role, readonly Scope[]>> = {
  viewer: ['tasks:read'],
  operator: ['tasks:submit', 'tasks:read', 'tasks:act'],
  admin: SCOPES,
};

export function scopesOfRole(role: Role): readonly Scope[] {
  return SCOPES_OF_ROLE[role];
}
