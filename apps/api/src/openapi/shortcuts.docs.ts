import { applyDecorators } from '@nestjs/common';
import { ApiBody } from '@nestjs/swagger';
import * as route from './route-docs.js';
import { ref } from './schemas.js';

const { Answers, Refuses, Route } = route;

const calculation = { name: 'calc_0', num_1: 123, num_2: 0.75647, operation: '+', result_rounding: 2 };
const request = { name: 'todo', url: 'https://jsonplaceholder.typicode.com/todos/1', method: 'GET' };
const newcomer = { name: 'Zoë Nguyễn', email: 'zoe@example.com', company: 'Acme Studio', locale: 'en' };

export const Calculate = () =>
  shortcut('calculate', 'Run calculations', 'calculation.run', 'Calculations', { message: [calculation] });

export const Fetch = () => shortcut('fetchUrls', 'Fetch URLs', 'http.fetch', 'Fetches', { message: [request] });

export const Onboard = () => shortcut('onboard', 'Welcome somebody', 'onboarding.welcome', 'Onboarding', newcomer);

function shortcut(operation: string, summary: string, type: string, body: string, example: object): MethodDecorator {
  return applyDecorators(
    Route('tasks', operation, summary, `Submits a task of the type ${type}. Whatever does not fit in the body is a 422.`),
    ApiBody({ required: true, schema: ref(body), examples: { one: { summary: 'One', value: example } } }),
    route.TakesIdempotencyKey(),
    Answers(202, 'The task is kept and will run.', 'Started', { ...route.LOCATION, ...route.RETRY_AFTER, ...route.REPLAYED }),
    Refuses(...route.BODY_REFUSALS, 409, 422),
  );
}
