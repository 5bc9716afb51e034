import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { DocumentBuilder, SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';
import { HandlerRegistry } from '@app/tasks';
import { KEY_SECURITY, SESSION_SECURITY } from '../access/needs.js';
import { componentSchemas } from './schemas.js';
import { webhooks } from './webhooks.js';

/** Serves the OpenAPI document at /openapi.json and Swagger UI at /docs. */
export function serveDocs(app: NestFastifyApplication): void {
  SwaggerModule.setup('docs', app, () => openApiDocument(app), {
    raw: ['json'],
    jsonDocumentUrl: 'openapi.json',
    customSiteTitle: 'Taskwell API',
  });
}

/** The OpenAPI 3.1 document of the application's routes. */
export function openApiDocument(app: NestFastifyApplication): OpenAPIObject {
  const config = new DocumentBuilder()
    .setOpenAPIVersion('3.1.0')
    .setTitle('Taskwell')
    .setDescription('Hand over slow work by REST, get an id at once, and nothing accepted is lost.')
    .setVersion('1')
    .addServer('/')
    .addSecurity(KEY_SECURITY, { type: 'http', scheme: 'bearer', description: 'An API key: Authorization: Bearer tw_…' })
    .addSecurity(SESSION_SECURITY, { type: 'apiKey', in: 'cookie', name: '__Host-taskwell', description: 'A session of a user.' })
    .addTag('tasks', 'Submit, read and call off tasks')
    .addTag('live', 'What happens, while it happens')
    .addTag('schedules', 'Tasks by the clock')
    .addTag('files', 'Many files at once')
    .addTag('datasets', 'What files were made into')
    .addTag('archives', 'Closed years in cold storage')
    .addTag('types', 'What kinds of tasks there are')
    .addTag('callbacks', 'What Taskwell sends')
    .addTag('operations', 'Queues, workers, figures, and acts on many tasks')
    .addTag('access', 'Users, sessions, keys and the audit')
    .addTag('service', 'For whoever runs this service')
    .build();
  const document = SwaggerModule.createDocument(app, config);
  document.components = { ...document.components, schemas: componentSchemas(app.get(HandlerRegistry)) };
  document.webhooks = webhooks();
  return document;
}
