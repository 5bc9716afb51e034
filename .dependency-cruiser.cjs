/** The house rules: apps → handlers, transport, persistence → tasks; config is a leaf, egress knows it only; persistence and transport never meet. */
const rule = (name, from, to) => ({ name, severity: 'error', from, to });

module.exports = {
  forbidden: [
    rule('no-circular', {}, { circular: true }),
    rule('libs-import-no-app', { path: '^libs/' }, { path: '^apps/' }),
    rule(
      'one-file-composes-embedded',
      { path: '^apps/([^/]+)/', pathNot: '^apps/api/src/embedded\\.module\\.ts$' },
      { path: '^apps/', pathNot: '^apps/$1/' },
    ),
    rule('dashboard-knows-the-public-api-alone', { path: '^apps/dashboard/' }, { path: '^libs/' }),
    rule('config-is-a-leaf', { path: '^libs/config/' }, { path: '^libs/', pathNot: '^libs/config/' }),
    rule('tasks-know-config-only', { path: '^libs/tasks/' }, { path: '^libs/', pathNot: '^libs/(tasks|config)/' }),
    rule(
      'tasks-know-no-http-sql-amqp',
      { path: '^libs/tasks/' },
      {
        path: 'node_modules/(prom-client|@opentelemetry|fastify|typeorm|mysql2|libsql|amqplib|amqp-connection-manager|@nestjs/(microservices|typeorm|platform-fastify|swagger))',
      },
    ),
    rule('persistence-and-transport-never-meet', { path: '^libs/persistence/' }, { path: '^libs/(transport|handlers|runtime)/' }),
    rule('transport-and-persistence-never-meet', { path: '^libs/transport/' }, { path: '^libs/(persistence|handlers|runtime)/' }),
    rule(
      'handlers-know-archive-records-mail-callbacks-egress-tasks-and-config',
      { path: '^libs/handlers/' },
      { path: '^libs/', pathNot: '^libs/(handlers|archive|records|mail|callbacks|egress|tasks|config)/' },
    ),
    rule(
      'archive-knows-files-tasks-and-config',
      { path: '^libs/archive/' },
      { path: '^libs/', pathNot: '^libs/(archive|files|tasks|config)/' },
    ),
    rule('records-know-tasks', { path: '^libs/records/' }, { path: '^libs/', pathNot: '^libs/(records|tasks)/' }),
    rule('files-know-tasks-and-config', { path: '^libs/files/' }, { path: '^libs/', pathNot: '^libs/(files|tasks|config)/' }),
    rule('mail-knows-tasks-and-config', { path: '^libs/mail/' }, { path: '^libs/', pathNot: '^libs/(mail|tasks|config)/' }),
    rule(
      'callbacks-know-egress-tasks-and-config',
      { path: '^libs/callbacks/' },
      { path: '^libs/', pathNot: '^libs/(callbacks|egress|tasks|config)/' },
    ),
    rule(
      'notices-know-mail-tasks-and-config',
      { path: '^libs/notices/' },
      { path: '^libs/', pathNot: '^libs/(notices|mail|tasks|config)/' },
    ),
    rule('redaction-is-a-leaf', { path: '^libs/redaction/' }, { path: '^libs/', pathNot: '^libs/redaction/' }),
    rule('access-knows-tasks-and-config', { path: '^libs/access/' }, { path: '^libs/', pathNot: '^libs/(access|tasks|config)/' }),
    rule('egress-knows-config', { path: '^libs/egress/' }, { path: '^libs/', pathNot: '^libs/(egress|config)/' }),
    rule('metrics-know-tasks', { path: '^libs/metrics/' }, { path: '^libs/', pathNot: '^libs/(metrics|tasks)/' }),
    rule('tracing-knows-tasks', { path: '^libs/tracing/' }, { path: '^libs/', pathNot: '^libs/(tracing|tasks)/' }),
    rule(
      'runtime-knows-config-and-redaction',
      { path: '^libs/runtime/' },
      { path: '^libs/', pathNot: '^libs/(runtime|config|redaction)/' },
    ),
    rule(
      'libs-through-their-index',
      { path: '^(apps|libs)/([^/]+)/' },
      { path: '^libs/([^/]+)/src/(?!index\\.ts$)', pathNot: '^libs/$2/' },
    ),
    rule('no-unresolvable', {}, { couldNotResolve: true }),
  ],
  options: {
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)(dist|data)/' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'require', 'node', 'default', 'types'] },
  },
};
