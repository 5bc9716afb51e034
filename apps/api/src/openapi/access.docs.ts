import { applyDecorators } from '@nestjs/common';
import { ApiBody, ApiParam } from '@nestjs/swagger';
import { AuditQuery } from '../access/audit.query.js';
import { queryDocs } from './query-docs.js';
import { Answers, BODY_REFUSALS, LOCATION, Refuses, Route } from './route-docs.js';
import { ref } from './schemas.js';

const COOKIE = { 'Set-Cookie': { description: 'The session.', schema: { type: 'string' } } };

function body(schema: string): MethodDecorator {
  return ApiBody({ required: true, schema: ref(schema) });
}

export function Session(): MethodDecorator {
  return applyDecorators(
    Route('access', 'getSession', 'What may this client do, and as whom?'),
    Answers(200, 'What it may do.', 'Session'),
    Refuses(),
  );
}

export function LogIn(): MethodDecorator {
  return applyDecorators(
    Route(
      'access',
      'logIn',
      'Log in',
      'Always begins a new session. Failures make further attempts wait, for the name and for the address.',
    ),
    body('Login'),
    Answers(200, 'What the user may do.', 'Session', COOKIE),
    Refuses(...BODY_REFUSALS),
  );
}

export function LogOut(): MethodDecorator {
  return applyDecorators(
    Route('access', 'logOut', 'Log out'),
    Answers(204, 'The session has ended.', undefined, COOKIE),
    Refuses(...BODY_REFUSALS),
  );
}

export function ChangePassword(): MethodDecorator {
  return applyDecorators(
    Route('access', 'changePassword', 'Change the own password', 'Ends all sessions of the user and begins a new one.'),
    body('PasswordChange'),
    Answers(200, 'What the user may do.', 'Session', COOKIE),
    Refuses(...BODY_REFUSALS),
  );
}

export function SetUp(): MethodDecorator {
  return applyDecorators(
    Route('access', 'setUp', 'Make the first admin', 'With the token of the setup link in the log. Once.'),
    body('Setup'),
    Answers(201, 'The admin is made and can log in.', 'Session'),
    Refuses(...BODY_REFUSALS, 409),
  );
}

export function ListUsers(): MethodDecorator {
  return applyDecorators(Route('access', 'listUsers', 'List the users'), Answers(200, 'By name.', 'Users'), Refuses());
}

export function CreateUser(): MethodDecorator {
  return applyDecorators(
    Route('access', 'createUser', 'Make a user', 'The first admin locks a Taskwell that was open.'),
    body('NewUser'),
    Answers(201, 'The user.', 'User', LOCATION),
    Refuses(...BODY_REFUSALS, 409),
  );
}

export function ChangeUser(): MethodDecorator {
  return applyDecorators(
    Route('access', 'changeUser', 'Change a user', 'A new password, or being disabled, ends the user’s sessions.'),
    UserId(),
    body('UserChange'),
    Answers(200, 'The user.', 'User'),
    Refuses(...BODY_REFUSALS, 404, 409),
  );
}

export function DeleteUser(): MethodDecorator {
  return applyDecorators(
    Route('access', 'deleteUser', 'Delete a user'),
    UserId(),
    Answers(204, 'The user is gone.'),
    Refuses(...BODY_REFUSALS, 404, 409),
  );
}

export function ListKeys(): MethodDecorator {
  return applyDecorators(Route('access', 'listKeys', 'List the API keys'), Answers(200, 'Newest first.', 'ApiKeys'), Refuses());
}

export function CreateKey(): MethodDecorator {
  return applyDecorators(
    Route('access', 'createKey', 'Make an API key', 'The key itself is in this answer and nowhere else.'),
    body('NewApiKey'),
    Answers(201, 'The key.', 'MadeApiKey'),
    Refuses(...BODY_REFUSALS),
  );
}

export function DeleteKey(): MethodDecorator {
  return applyDecorators(
    Route('access', 'deleteKey', 'Delete an API key', 'Every API process refuses it within five seconds.'),
    ApiParam({ name: 'key_id', schema: { type: 'string', format: 'uuid' } }),
    Answers(204, 'The key is gone.'),
    Refuses(...BODY_REFUSALS, 404),
  );
}

export function ListAudit(): MethodDecorator {
  return applyDecorators(
    Route('access', 'listAudit', 'Who did what', 'Newest first, page by page.'),
    ...queryDocs(AuditQuery),
    Answers(200, 'A page of the audit.', 'AuditPage'),
    Refuses(),
  );
}

function UserId(): MethodDecorator {
  return ApiParam({ name: 'user_id', schema: { type: 'string', format: 'uuid' } });
}
